// Colours of cells: grey levels 0 (black) to 9 (white), and signed values, blue above 0 and orange below.

export const POSITIVE = "#0072b2";
export const NEGATIVE = "#d55e00";

export function greyCell(value) {
  const level = Math.round((255 * Math.min(9, Math.max(0, value))) / 9);
  return { background: `rgb(${level}, ${level}, ${level})`, ink: level > 117 ? "#000" : "#fff" };
}

export function strengthOf(value, largest) {
  return largest ? Math.min(1, Math.abs(value) / largest) : 0;
}

// Of the deepest colour: so much that the ink of a light page and that of a dark one keep a contrast of 4.5 to 1.
const DEEPEST = 60;

// 0 has the colour of the page, so that it disappears in a light theme and in a dark one.
export function signedCell(value, largest) {
  const strength = strengthOf(value, largest);
  const hue = value < 0 ? NEGATIVE : POSITIVE;
  return {
    background: `color-mix(in srgb, ${hue} ${Math.round(DEEPEST * strength)}%, var(--ground))`,
    ink: "var(--ink)",
  };
}
