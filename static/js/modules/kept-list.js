// Lists what lies on the device. <div data-module="kept-list" data-open="…" data-own="…"><p data-empty>…</p></div>
import { keptList } from '../copies.js'

const HEADS = [['Pågår', 'Pågår nu'], ['Sida', 'Sidor'], ['Checklista', 'Checklistor'], ['Vägledning', 'Vägledning']]

export default async function list(place) {
  const lists = await Promise.all([keptList(place.dataset.own), keptList(place.dataset.open)])
  const pages = lists.flatMap((kept) => kept?.pages ?? []).filter((page) => page.title)
  if (!pages.length) return
  place.querySelector('[data-empty]').remove()
  for (const [label, head] of HEADS) {
    const rows = pages.filter((page) => page.label === label)
    if (rows.length) place.append(section(head, rows))
  }
}

function section(head, rows) {
  const part = document.createElement('section')
  const title = document.createElement('h2')
  title.textContent = head
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
  part.append(title, items)
  return part
}
