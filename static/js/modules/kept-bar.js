// The bar over a kept copy: when the net is back it offers the page as it is now. <aside data-module="kept-bar">
export default function keptBar(bar) {
  window.addEventListener('online', () => {
    const words = bar.querySelector('span')
    const again = document.createElement('a')
    again.href = location.href
    again.textContent = 'Läs in sidan på nytt'
    again.addEventListener('click', (event) => { event.preventDefault(); location.reload() })
    words.textContent = words.textContent.replace(/\. [^.]*\.$/, '. Nätet är tillbaka.')
    bar.querySelector('a').replaceWith(again)
  }, { once: true })
}
