// Search in what is kept: every word of the query begins a word of the title, the summary or the labels. The server has
// folded those (kb/offline/queries.py); the query is folded in the same way here.
const MOST = 12

export function fold(text) {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/æ/g, 'a').replace(/ø/g, 'o')
}

// The rows that hold all words of the query; those whose title holds them first.
export function search({ rows, small }, query) {
  const left = new Set(small)
  const all = fold(query).match(/[\p{L}\p{N}]+/gu) ?? []
  const words = all.filter((word) => !left.has(word))
  if (!words.length) return []
  return rows.map((row) => ({ row, score: scoreOf(row, words) }))
    .filter(({ score }) => score > 0).sort((one, other) => other.score - one.score).slice(0, MOST).map(({ row }) => row)
}

function scoreOf(row, words) {
  let score = 0
  for (const word of words) {
    if (begins(row.head, word)) score += 3
    else if (begins(row.words, word)) score += 1
    else return 0
  }
  return score
}

const begins = (text, word) => ` ${text}`.includes(` ${word}`)
