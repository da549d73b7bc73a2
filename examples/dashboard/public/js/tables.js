/** Tables that are filled anew each second. Cells that stay the same are left alone. */

/**
 * @param {string} id of the table
 * @param {{ text: string, kind?: string, share?: number, title?: string }[][]} rows
 * @param {string} none what to say if there are none
 */
export function fill(id, rows, none) {
  const table = document.getElementById(id);
  const [body] = table.tBodies;
  table.classList.toggle('empty', rows.length === 0);
  table.nextElementSibling.textContent = none;
  while (body.rows.length > rows.length) body.deleteRow(-1);
  rows.forEach((cells, i) => {
    const row = body.rows[i] ?? body.insertRow();
    cells.forEach(({ text, kind = '', share, title = text }, column) => {
      const cell = row.cells[column] ?? row.insertCell();
      if (cell.textContent !== text) cell.textContent = text;
      if (cell.className !== kind) cell.className = kind;
      if (cell.title !== title) cell.title = title;
      if (share !== undefined) cell.style.setProperty('--share', `${share * 100}%`);
    });
  });
}
