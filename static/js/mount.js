// <button data-module="print"> gets the behaviour of ./modules/print.js; several names are parted by spaces.
export function mount(root) {
  for (const element of root.querySelectorAll('[data-module]')) {
    for (const name of element.dataset.module.split(' ')) start(name, element)
  }
}

async function start(name, element) {
  const module = await import(`./modules/${name}.js`)
  module.default(element)
}
