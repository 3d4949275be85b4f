export {}; customElements.define("zq-chart", class extends HTMLElement {});
