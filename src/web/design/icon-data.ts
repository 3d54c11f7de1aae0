/** The tab icon as a data URL, so that it is no request of its own; index.html carries the same one. */
export const ICON =
  "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='-4%20-2%2028%2028'%3E%3Cpath%20fill='%230e5f4c'%20d='M2%200h16a2%202%200%200%201%202%202v20l-3.33%202-3.33-2L10%2024l-3.34-2-3.33%202L0%2022V2a2%202%200%200%201%202-2Z'/%3E%3Cpath%20fill='none'%20stroke='%23fff'%20stroke-width='2'%20stroke-linecap='round'%20d='M5%207h10M5%2012h6'/%3E%3C/svg%3E"
