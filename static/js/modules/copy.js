// Copies the text of the element that data-copy names, and says so. Hidden in the HTML, since it does nothing without a script.
export default function copy(button) {
  const source = document.getElementById(button.dataset.copy)
  const said = document.createElement('span')
  said.className = 'copied'
  said.setAttribute('role', 'status')
  button.after(said)
  button.hidden = false
  button.addEventListener('click', async () => {
    said.textContent = ''
    const done = await write(source.value ?? source.textContent) || copyMarked(source)
    said.textContent = done ? 'Kopierat' : 'Det gick inte att kopiera. Texten är markerad, så att du kan kopiera den själv.'
  })
}

// The clipboard is there on secure connections only, and people can refuse it.
async function write(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function copyMarked(source) {
  if (source.select) source.select()
  else getSelection().selectAllChildren(source)
  const done = document.execCommand('copy')
  if (done) getSelection().removeAllRanges()
  return done
}
