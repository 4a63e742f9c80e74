// The search of the crisis binder, a file without a server: every word must stand in a text, titles count most.
// What is found is drawn with textContent alone.
(() => {
  const MOST = 20
  const fold = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  const SMALL = new Set(fold('alla att av bara blir blev dags de den det din du eller en ett får för ha har hon hur han i inte jag kan man med mig mitt måste nu någon något nån nåt när och om på ska sig som till under ut vad var vi vid vill är').split(' '))
  const form = document.getElementById('sok')
  const field = document.getElementById('q')
  const said = document.getElementById('svar')
  const list = document.getElementById('funna')
  let kept
  let all

  const words = (text) => fold(text).split(' ').filter(Boolean)
  // A word is found in its other forms too: hotad, hotade, hotar.
  const ENDING = /(?:arna|erna|orna|ande|ade|ad|ar|er|or|as|at|en|et|na|a|e|s|n|t)$/
  const root = (word) => (word.replace(ENDING, '').length > 2 ? word.replace(ENDING, '') : word)

  // What is found: the texts, and each number.
  const sheets = () => (kept ??= [
    ...[...document.querySelectorAll('.numbers > div')].map((row) => entry(row, row.querySelector('dt').textContent, [
      [8, row.querySelector('dt').textContent], [8, row.querySelector('a').textContent], [3, row.textContent],
    ])),
    ...[...document.querySelectorAll('.sheet')].map((sheet) => entry(sheet, sheet.querySelector('h3').textContent, [
      [8, sheet.querySelector('h3').textContent],
      [5, sheet.dataset.labels],
      [3, sheet.querySelector('.lead')?.textContent ?? ''],
      [1, sheet.textContent],
    ])),
  ])

  const entry = (row, title, parts) => ({
    id: row.id,
    title: row.matches('.sheet') ? title : `${title.trim()}: ${row.querySelector('a').textContent}`,
    weight: row.matches('.sheet') ? (row.matches('.sheet--acute') ? 1.4 : 1) : 3, // a number is short, and what is meant
    parts: parts.map(([value, text]) => [value, ` ${fold(text)} `, new Set(words(text).map(root))]),
  })

  // Where a word stands best in a text: whole words count more than their other forms and beginnings, and those more
  // than parts of words. Only a word of four letters is looked for within others: "el" is not "eller".
  function place(sheet, word) {
    const start = root(word)
    let best = 0
    for (const [value, text, roots] of sheet.parts) {
      if (text.includes(` ${word} `)) best = Math.max(best, value * 1.5)
      else if (roots.has(start)) best = Math.max(best, value)
      else if (word.length > 2 && text.includes(` ${word}`)) best = Math.max(best, value * 0.75)
      else if (start.length > 3 && text.includes(start)) best = Math.max(best, value * 0.5)
    }
    return best
  }

  const places = (word) => sheets().map((sheet) => [sheet, place(sheet, word)]).filter(([, value]) => value > 0)

  // What is meant by a word that stands nowhere: one that a slip of the finger parts it from, or the two words in it.
  function meant(word) {
    if (places(word).length || word.length < 4) return [word]
    const near = known().find((other) => isSlip(word, other))
    if (near) return [near]
    for (let at = word.length - 3; at > 2; at -= 1) {
      const parts = [word.slice(0, at), word.slice(at)]
      if (parts.every((part) => places(part).length)) return parts
    }
    return [word]
  }

  // The words of all texts, those that stand in most texts first.
  function known() {
    if (all) return all
    const counts = new Map()
    for (const { parts } of sheets()) for (const word of new Set(parts.at(-1)[1].split(' '))) counts.set(word, (counts.get(word) ?? 0) + 1)
    return (all = [...counts].filter(([word]) => word.length > 2).sort((one, other) => other[1] - one[1]).map(([word]) => word))
  }

  // One letter too many, too few or another, or two that changed places.
  function isSlip(one, other) {
    if (Math.abs(one.length - other.length) > 1) return false
    let at = 0
    while (at < one.length && one[at] === other[at]) at += 1
    const [rest, left] = [one.slice(at), other.slice(at)]
    return rest.slice(1) === left || rest === left.slice(1) || rest.slice(1) === left.slice(1) ||
      (rest.slice(2) === left.slice(2) && rest[0] === left[1] && rest[1] === left[0])
  }

  // The texts with most of what the words say; rare words say most. All words must be there, where a text has them all.
  function find(query) {
    const typed = words(query)
    const asked = [...new Set(typed.filter((word) => !SMALL.has(word)))].flatMap(meant)
    const needed = asked.length ? asked : typed
    const found = new Map()
    for (const word of needed) {
      const hits = places(word)
      const says = Math.log(1 + sheets().length / hits.length)
      for (const [sheet, value] of hits) {
        const before = found.get(sheet) ?? { count: 0, worth: 0 }
        found.set(sheet, { count: before.count + 1, worth: before.worth + value * says })
      }
    }
    const whole = [...found].filter(([, { count }]) => count === needed.length)
    const order = ([one, { worth }]) => worth * one.weight
    return (whole.length ? whole : [...found]).sort((one, other) => order(other) - order(one)).map(([sheet]) => sheet)
  }

  function show() {
    const query = field.value.trim()
    const hits = query.length > 1 ? find(query) : []
    list.replaceChildren(...hits.slice(0, MOST).map((sheet) => {
      const row = document.createElement('li')
      const link = document.createElement('a')
      link.href = `#${sheet.id}`
      link.textContent = sheet.title
      row.append(link)
      return row
    }))
    const count = hits.length === 1 ? '1 träff' : `${hits.length} träffar`
    said.textContent = query.length < 2 ? '' : hits.length ? count : 'Inget i pärmen har de orden. Pröva ett annat ord.'
  }

  form.hidden = false
  field.addEventListener('input', show)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    show()
    list.querySelector('a')?.click()
  })
  const buttons = document.getElementById('utskrift')
  buttons.hidden = false
  for (const button of buttons.querySelectorAll('button')) {
    button.addEventListener('click', () => {
      document.body.classList.toggle('only-acute', button.dataset.print === 'acute')
      window.print()
    })
  }
  // A closed list of contents is a list without contents on paper.
  window.addEventListener('beforeprint', () => { for (const part of document.querySelectorAll('details')) part.open = true })
})()
