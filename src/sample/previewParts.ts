/** Colours of one picture, as CSS. */
export interface Palette {
  readonly sky: string;
  readonly deep: string;
  readonly skin: string;
  readonly accent: string;
  readonly ink: string;
}

export type Draw = (palette: Palette) => readonly string[];

/** Ears, horns, hair, wings: what stands behind the head. */
export const BEHIND: readonly Draw[] = [
  ({ accent, skin }) => [
    `<path d="M66 100 60 34 112 72Z M174 100 180 34 128 72Z" fill="${accent}"/>`,
    `<path d="M74 86 71 54 98 74Z M166 86 169 54 142 74Z" fill="${skin}"/>`,
  ],
  ({ accent, skin }) => [
    `<ellipse cx="88" cy="46" rx="16" ry="44" fill="${accent}"/><ellipse cx="152" cy="46" rx="16" ry="44" fill="${accent}"/>`,
    `<ellipse cx="88" cy="48" rx="7" ry="30" fill="${skin}"/><ellipse cx="152" cy="48" rx="7" ry="30" fill="${skin}"/>`,
  ],
  ({ accent }) => [
    `<circle cx="72" cy="72" r="26" fill="${accent}"/><circle cx="168" cy="72" r="26" fill="${accent}"/>`,
  ],
  ({ ink }) => [`<path d="M54 190Q44 54 120 50T186 190Z" fill="${ink}"/>`],
  ({ accent }) => [
    `<g fill="none" stroke="${accent}" stroke-width="10" stroke-linecap="round"><path d="M84 76Q62 60 70 30"/><path d="M156 76Q178 60 170 30"/></g>`,
  ],
  ({ accent }) => [
    `<g stroke="${accent}" stroke-width="8" stroke-linecap="round"><path d="M120 30V8M62 52 46 36M178 52 194 36M38 108H16M202 108H224M46 168 30 180M194 168 210 180"/></g>`,
  ],
  ({ accent }) => [
    `<path d="M74 140Q0 70 12 40 70 60 84 112Z M166 140Q240 70 228 40 170 60 156 112Z" fill="${accent}" opacity=".85"/>`,
  ],
  ({ ink, accent }) => [
    `<g stroke="${ink}" stroke-width="4"><path d="M100 70 88 26M140 70 152 26"/></g><circle cx="88" cy="24" r="9" fill="${accent}"/><circle cx="152" cy="24" r="9" fill="${accent}"/>`,
  ],
];

export const EYES: readonly Draw[] = [
  ({ ink }) => [`<circle cx="98" cy="118" r="7" fill="${ink}"/><circle cx="142" cy="118" r="7" fill="${ink}"/>`],
  ({ ink }) => [
    '<circle cx="98" cy="116" r="14" fill="#fff"/><circle cx="142" cy="116" r="14" fill="#fff"/>',
    `<circle cx="101" cy="118" r="7" fill="${ink}"/><circle cx="145" cy="118" r="7" fill="${ink}"/>`,
  ],
  ({ ink }) => [
    `<g fill="none" stroke="${ink}" stroke-width="5" stroke-linecap="round"><path d="M88 120Q98 108 108 120"/><path d="M132 120Q142 108 152 120"/></g>`,
  ],
  ({ ink }) => [
    `<circle cx="98" cy="118" r="7" fill="${ink}"/><path d="M132 119Q142 126 152 117" fill="none" stroke="${ink}" stroke-width="5" stroke-linecap="round"/>`,
  ],
  ({ accent, ink }) => [
    `<ellipse cx="98" cy="117" rx="11" ry="14" fill="${accent}"/><ellipse cx="142" cy="117" rx="11" ry="14" fill="${accent}"/>`,
    `<circle cx="98" cy="118" r="6" fill="${ink}"/><circle cx="142" cy="118" r="6" fill="${ink}"/><circle cx="101" cy="113" r="3" fill="#fff"/><circle cx="145" cy="113" r="3" fill="#fff"/>`,
  ],
];

export const MOUTHS: readonly ((palette: Palette) => string)[] = [
  ({ ink }) =>
    `<path d="M98 152Q120 174 142 152" fill="none" stroke="${ink}" stroke-width="5" stroke-linecap="round"/>`,
  ({ ink }) =>
    `<path d="M96 150H144Q140 180 120 180T96 150Z" fill="${ink}"/><path d="M106 170Q120 162 134 170 128 180 120 180T106 170Z" fill="#ff6b81"/>`,
  ({ ink }) => `<circle cx="120" cy="160" r="10" fill="${ink}"/>`,
  ({ ink }) => `<path d="M104 160 136 154" stroke="${ink}" stroke-width="5" stroke-linecap="round"/>`,
  ({ ink }) =>
    `<path d="M120 142 112 134H128Z" fill="${ink}"/><path d="M120 142Q118 158 104 156M120 142Q122 158 136 156" fill="none" stroke="${ink}" stroke-width="4" stroke-linecap="round"/>`,
  () => '<path d="M98 156Q109 146 120 153 131 146 142 156 131 174 120 174T98 156Z" fill="#d63a5e"/>',
];

/** Glasses, hats, masks: what the lens puts on. */
export const IN_FRONT: readonly Draw[] = [
  () => [],
  ({ ink }) => [
    `<g fill="${ink}"><rect x="74" y="104" width="40" height="28" rx="10"/><rect x="126" y="104" width="40" height="28" rx="10"/></g><path d="M112 114H128" stroke="${ink}" stroke-width="6"/>`,
    '<path d="M82 110 94 126M134 110 146 126" stroke="#fff" stroke-width="4" opacity=".5"/>',
  ],
  ({ accent, ink }) => [
    `<path d="M70 78H170L158 70 150 26Q120 14 90 26L82 70Z" fill="${ink}"/><path d="M83 62H157L159 72H81Z" fill="${accent}"/>`,
  ],
  () => [
    '<path d="M72 74 66 30 96 52 120 22 144 52 174 30 168 74Z" fill="#ffd166"/><circle cx="120" cy="56" r="6" fill="#ef476f"/><circle cx="92" cy="60" r="4" fill="#06d6a0"/><circle cx="148" cy="60" r="4" fill="#118ab2"/>',
  ],
  ({ accent }) => [
    `<g fill="none" stroke="${accent}" stroke-width="6"><circle cx="97" cy="117" r="21"/><circle cx="143" cy="117" r="21"/><path d="M76 114 62 108M164 114 178 108"/></g>`,
  ],
  ({ ink }) => [`<path d="M120 142Q98 132 84 148 104 156 120 147 136 156 156 148 142 132 120 142Z" fill="${ink}"/>`],
  ({ accent }) => [
    ...[72, 96, 120, 144, 168].map((x, i) => {
      const y = 78 - 10 * Math.sin((Math.PI * (i + 0.5)) / 5);
      return `<circle cx="${x}" cy="${y.toFixed(0)}" r="13" fill="${i % 2 === 0 ? accent : '#fff'}"/><circle cx="${x}" cy="${y.toFixed(0)}" r="5" fill="#ffd166"/>`;
    }),
  ],
  ({ accent }) => [
    `<path d="M66 110Q120 84 174 110 170 142 142 136 126 132 120 120 114 132 98 136 70 142 66 110Z M98 106A12 12 0 0 0 98 130 12 12 0 0 0 98 106ZM142 106A12 12 0 0 0 142 130 12 12 0 0 0 142 106Z" fill-rule="evenodd" fill="${accent}" opacity=".9"/>`,
  ],
];
