// Starts a checklist on the device, for when there is no net: the run gets its name here, is kept as a page of its own, and
// is the first of the changes that wait. <div data-module="start-here" data-device="…" data-title="…" data-start="…" data-run="…"
//   data-page="…" data-own="…"><p data-nobody>…</p><p data-full hidden>…</p><form hidden>…</form><template data-run-page>…</template></div>
import { forgetMade, keepMade, keptList, keptPage } from '../copies.js'
import { keep, newId } from '../outbox.js'

export default async function startHere(place) {
  const { device, title, start, run, page, own } = place.dataset
  const form = place.querySelector('form')
  const mine = await keptList(own)
  if (!mine?.units?.length) return
  const { person } = mine
  offer(form.elements.enhet, mine.units)
  place.querySelector('[data-nobody]').hidden = true
  form.hidden = false
  fill(form)
  let begun = false

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (begun) return
    begun = true
    const id = newId()
    const fields = [...new FormData(form)].filter(([name]) => name !== 'csrf_token')
    const sent = fields.find(([name, value]) => name === 'client_id' && value)?.[1]
    const address = run.replace(device, id)
    const isMade = await make(address, id)
    const isKept = isMade && await keep({
      id: sent ?? id, person, run: id, title, url: start.replace(device, id), start: true, ruledOut: ruledOut(form, fields),
      fields: fields.filter(([name]) => name !== 'client_id'), at: new Date().toISOString(),
    })
    if (isKept) return location.assign(address)
    begun = false
    place.querySelector('[data-full]').hidden = false
    await forgetMade(person, address).catch(() => {})
  })
  if (location.hash.startsWith('#start:')) form.requestSubmit()

  // Whether the page of the run lies on the device: a full disk, or a browser that keeps nothing, takes none.
  async function make(address, id) {
    try {
      await keepMade(person, address, await pageOf(id), await keptPage(page))
      return true
    } catch {
      return false
    }
  }

  // The page of the run: this page with the run in the place of the form.
  async function pageOf(id) {
    const found = new DOMParser().parseFromString(await (await keptPage(page)).text(), 'text/html')
    const made = found.querySelector('template[data-run-page]').innerHTML
    const main = found.querySelector('main')
    found.title = `${title} – Rådrum`
    found.body.dataset.person = person
    main.innerHTML = made
    main.querySelector('[data-module=run-live]').dataset.person = person
    found.querySelectorAll('.crumbs').forEach((crumbs) => crumbs.remove())
    return `<!DOCTYPE html>${found.documentElement.outerHTML}`.replaceAll(device, id)
  }
}

function offer(select, units) {
  select.replaceChildren(...units.map(({ id, name }) => new Option(name, id)))
}

// What stood in the form that could not be sent comes along behind the address.
function fill(form) {
  for (const [name, value] of new URLSearchParams(location.hash.replace(/^#start:/, ''))) {
    if (name === 'client_id') form.append(hidden(name, value))
    else if (form.elements[name]) form.elements[name].value = value
  }
}

function hidden(name, value) {
  const field = document.createElement('input')
  Object.assign(field, { type: 'hidden', name, value })
  return field
}

function ruledOut(form, fields) {
  const no = new Set(fields.filter(([, value]) => value === 'nej').map(([name]) => name))
  return [...form.querySelectorAll('[data-question]')]
    .filter((row) => no.has(row.dataset.question)).flatMap((row) => row.dataset.steps.split(' '))
}
