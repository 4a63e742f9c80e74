// Draws what is not sent yet on a run's fragment: the page shows what was done, and says where it is kept.
const PATH = /\/steg\/([^/]+)\/(lage|tilldelning|anteckning)$/
const CLOCK = new Intl.DateTimeFormat('sv-SE', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Stockholm' })

export const clock = (at) => CLOCK.format(new Date(at)).replace(':', '.')

export const valueOf = (change, name) => change.fields.find(([key]) => key === name)?.[1] ?? ''

const KINDS = { handelse: 'Händelse', beslut: 'Beslut', atgard: 'Åtgärd', kontakt: 'Kontakt', media: 'Media' }
const BESIDE = ['beslutat-av', 'grund', 'underrattade', 'ses-over', 'nar']

// What stands in a line of the log.
export function entryOf(change) {
  const kind = KINDS[valueOf(change, 'slag')]
  const parts = [valueOf(change, 'text'), ...BESIDE.map((name) => valueOf(change, name))].filter(Boolean)
  return `${kind ? `${kind}: ` : ''}${parts.join('\n')}`
}

// What a change says, for who has to do it again or copy it; without the fragment of its run too.
export function wordsOf(change, fragment) {
  if (change.start) return `${clock(change.at)} starten av checklistan`
  const step = stepOf(change, fragment)
  const where = step ? `steg ${step.dataset.number}` : change.about || 'loggen'
  const what = {
    klart: 'klart', oppet: 'inte klart', 'ej-aktuellt': `ej aktuellt, ${valueOf(change, 'orsak')}`,
  }[valueOf(change, 'lage')]
  const text = what ?? (entryOf(change) || `tilldelat ${valueOf(change, 'ansvarig')}`)
  return `${clock(change.at)} ${where}: ${text}`
}

// `place` says where the changes are: "sparat här", or "inte skickat" where nothing can be kept.
export function draw(fragment, changes, place) {
  for (const change of changes) {
    const step = stepOf(change, fragment)
    if (change.start) drawStart(fragment, change, place)
    else if (step) drawOnStep(step, change, place)
    else if (/\/(anteckning|logg|rattelse)$/.test(change.url)) drawInLog(fragment, change, place)
  }
  if (changes.length) count(fragment)
}

function stepOf(change, fragment) {
  const found = PATH.exec(new URL(change.url, location.href).pathname)
  return found && fragment?.querySelector(`#${CSS.escape(`steg-${decodeURIComponent(found[1])}`)}`)
}

function drawStart(fragment, change, place) {
  for (const key of change.ruledOut ?? []) {
    const step = fragment.querySelector(`#${CSS.escape(`steg-${key}`)}`)
    if (!step) continue
    setState(step, 'ej-aktuellt')
    flag(step, 'Ej aktuellt: du svarade nej när du startade')
  }
  const line = make('p', 'wrap waiting', `Startad ${clock(change.at)}, ${place}. Ingen annan ser checklistan förrän den är skickad.`)
  fragment.querySelector('.run-head').after(line)
}

function drawOnStep(step, change, place) {
  const when = clock(change.at)
  const state = valueOf(change, 'lage')
  if (change.url.endsWith('/lage')) {
    setState(step, state)
    const words = {
      klart: `Klart ${when}`, oppet: `Inte klart ${when}`, 'ej-aktuellt': `Ej aktuellt: ${valueOf(change, 'orsak')}`,
    }[state]
    flag(step, `${words}, ${place}`)
  } else if (change.url.endsWith('/tilldelning')) {
    const who = valueOf(change, 'ansvarig')
    flag(step, `${who ? `Tilldelat ${who}` : 'Inte tilldelat någon'}, ${place}`)
  } else {
    const note = make('p', 'step__note')
    note.append(make('span', 'lines', valueOf(change, 'text')), ' ', make('span', 'meta', `du ${when}, ${place}`))
    step.querySelector('.step__content').append(note)
  }
}

function setState(step, state) {
  step.classList.remove('step--done', 'step--skipped', 'step--late', 'step--next')
  if (state !== 'oppet') step.classList.add(state === 'klart' ? 'step--done' : 'step--skipped')
  step.querySelectorAll('.step__flag--late, .step__flag--critical, .step__flag--waiting').forEach((old) => old.remove())
  const tick = step.querySelector('.tick')
  tick?.setAttribute('aria-pressed', String(state === 'klart'))
  if (tick) tick.value = state === 'klart' ? 'oppet' : 'klart'
}

function flag(step, words) {
  step.classList.add('step--waiting')
  step.querySelector('.step__content').append(make('p', 'step__flag step__flag--waiting', words))
  step.dataset.announce = `Steg ${step.dataset.number}: ${words}`
}

function drawInLog(fragment, change, place) {
  const line = make('div')
  const said = make('dd', 'lines', entryOf(change))
  said.append(' ', make('span', 'meta', place))
  line.append(make('dt', '', clock(change.at)), said)
  fragment.querySelector('.run__side .log')?.prepend(line)
}

// How far it has come, and what is next, with what is drawn.
function count(fragment) {
  const steps = [...fragment.querySelectorAll('.steps > .step')]
  const total = steps.filter((step) => !step.classList.contains('step--skipped')).length
  const done = steps.filter((step) => step.classList.contains('step--done')).length
  const bar = fragment.querySelector('.run-head .progress')
  const words = `${done} av ${total}`
  fragment.querySelector('.run-head__top b').textContent = words
  bar.value = done
  bar.max = total
  bar.setAttribute('aria-label', `${words} steg klara`)
  fragment.dataset.title = fragment.dataset.title.replace(/^\d+ av \d+/, words)
  const next = steps.find((step) => !step.matches('.step--done, .step--skipped'))
  const link = fragment.querySelector('.run-head__next')
  steps.forEach((step) => step.classList.toggle('step--next', step === next))
  const sign = fragment.querySelector('.step__flag--next')
  if (next && sign) next.querySelector('.step__content').prepend(sign)
  else sign?.remove()
  if (link) link.hidden = !next
  if (link && next) link.href = `#${next.id}`
}

function make(name, className, text = '') {
  const element = document.createElement(name)
  if (className) element.className = className
  element.textContent = text
  return element
}
