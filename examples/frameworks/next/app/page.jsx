'use client';

import { useEffect, useState } from 'react';
import { io } from 'socket.io-client';

/** Says hello when it is shown, and lists what others say. */
export default function Page() {
  const [lines, setLines] = useState([]);
  useEffect(() => {
    const socket = io();
    socket.on('said', (text) => setLines((before) => [...before, text]));
    socket.emitWithAck('say', 'hello').then((answer) => setLines([answer]));
    return () => socket.close();
  }, []);
  return (
    <main>
      <h1>Said</h1>
      <ul>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </main>
  );
}
