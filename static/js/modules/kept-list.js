// Lists what lies on the device, and searches it. <div data-module="kept-list" data-open="…" data-own="…" data-search="…">
//   <form hidden>… <div data-found></div></form><p data-empty>…</p></div>
import { keptList } from '../copies.js'
import { search } from '../kept-search.js'
import { waiting } from '../outbox.js'
import { addressOf } from '../started.js'

const HEADS = [['Pågår', 'Pågår nu'], ['Sida', 'Sidor'], ['Checklista', 'Checklistor'], ['Vägledning', 'Vägledning']]

export default async function list(place) {
  const lists = await Promise.all([keptList(place.dataset.own), keptList(place.dataset.open)])
  const pages = [...await startedHere(lists[0]?.person), ...lists.flatMap((kept) => kept?.pages ?? []).filter((page) => page.title)]
  if (!pages.length) return
  place.querySelector('[data-empty]').remove()
  const index = await keptList(place.dataset.search)
  if (index?.rows) offerSearch(place.querySelector('form'), index)
  for (const [label, head] of HEADS) {
    const rows = pages.filter((page) => page.label === label)
    if (rows.length) place.append(section(head, rows))
  }
}

// Runs that were started on the device and are not sent yet.
async function startedHere(person) {
  const changes = person ? await waiting(person) : []
  return changes.filter((change) => change.start).map((change) => (
    { url: addressOf(change), title: `${change.title}, startad här och inte skickad`, label: 'Pågår' }))
}

// What was searched for on the page that could not be reached is searched here.
function offerSearch(form, index) {
  const field = form.elements.q
  const found = form.querySelector('[data-found]')
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const rows = search(index, field.value)
    const words = document.createElement('p')
    words.textContent = rows.length ? `${rows.length} sparade texter om ”${field.value}”` : `Ingen sparad text om ”${field.value}”`
    found.replaceChildren(words, ...(rows.length ? [listOf(rows)] : []))
  })
  field.value = new URLSearchParams(location.search).get('q') ?? ''
  if (field.value) form.requestSubmit()
}

function section(head, rows) {
  const part = document.createElement('section')
  const title = document.createElement('h2')
  title.textContent = head
  part.append(title, listOf(rows))
  return part
}

function listOf(rows) {
  const items = document.createElement('ul')
  items.className = 'kept-list'
  items.append(...rows.map((row) => {
    const item = document.createElement('li')
    const link = document.createElement('a')
    link.href = row.url
    link.textContent = row.title
    item.append(link)
    return item
  }))
  return items
}
