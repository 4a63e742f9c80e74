// The search of the crisis binder, a file without a server: every word must stand in a text, titles count most.
// What is found is drawn with textContent alone.
(() => {
  const MOST = 20
  const SMALL = new Set('alla att av bara blir blev dags de den det din du eller en ett får för ha har hon hur han i inte jag kan man med mig mitt måste nu någon något nån nåt när och om på ska sig som till under ut vad var vi vid vill är'.split(' '))
  const form = document.getElementById('sok')
  const field = document.getElementById('q')
  const said = document.getElementById('svar')
  const list = document.getElementById('funna')
  let kept

  const fold = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  const words = (text) => fold(text).split(' ').filter(Boolean)
  // A word is found in its other forms too: hotad, hotade, hotar.
  const ENDING = /(?:arna|erna|orna|ande|ade|ad|ar|er|or|as|at|en|et|na|a|e|s|n|t)$/
  const root = (word) => (word.replace(ENDING, '').length > 2 ? word.replace(ENDING, '') : word)

  const sheets = () => (kept ??= [...document.querySelectorAll('.sheet')].map((sheet) => ({
    id: sheet.id,
    title: sheet.querySelector('h3').textContent,
    acute: sheet.classList.contains('sheet--acute'),
    parts: [
      [8, ` ${fold(sheet.querySelector('h3').textContent)}`],
      [5, ` ${fold(sheet.dataset.labels)}`],
      [3, ` ${fold(sheet.querySelector('.lead')?.textContent ?? '')}`],
      [1, ` ${fold(sheet.textContent)}`],
    ],
  })))

  // Where a word stands best in a text: whole words count more than beginnings, and those more than parts of words.
  function place(sheet, word) {
    const start = root(word)
    let best = 0
    for (const [value, text] of sheet.parts) {
      if (`${text} `.includes(` ${word} `)) best = Math.max(best, value * 1.5)
      else if (text.includes(` ${start}`)) best = Math.max(best, value)
      else if (word.length > 3 && text.includes(start)) best = Math.max(best, value * 0.5)
    }
    return best
  }

  // The texts with most of what the words say; rare words say most. All words must be there, where a text has them all.
  function find(query) {
    const typed = words(query)
    const asked = [...new Set(typed.filter((word) => !SMALL.has(word)))]
    const needed = asked.length ? asked : typed
    const found = new Map()
    for (const word of needed) {
      const places = sheets().map((sheet) => [sheet, place(sheet, word)]).filter(([, value]) => value > 0)
      const says = Math.log(1 + sheets().length / places.length)
      for (const [sheet, value] of places) {
        const before = found.get(sheet) ?? { count: 0, worth: 0 }
        found.set(sheet, { count: before.count + 1, worth: before.worth + value * says })
      }
    }
    const whole = [...found].filter(([, { count }]) => count === needed.length)
    const order = ([one, { worth }]) => worth * (one.acute ? 1.4 : 1)
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
    const count = hits.length === 1 ? '1 text' : `${hits.length} texter`
    said.textContent = query.length < 2 ? '' : hits.length ? count : 'Ingen text har de orden. Pröva ett annat ord.'
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
