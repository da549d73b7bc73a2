import { io } from 'socket.io-client';

const socket = io();
const show = (text) => {
  const item = document.createElement('li');
  item.textContent = text;
  document.querySelector('ul').append(item);
};
socket.on('said', show);
show(await socket.emitWithAck('say', 'hello'));
