#ifndef LIKENESS_ENGINE_AUGMENT_FONT_H_
#define LIKENESS_ENGINE_AUGMENT_FONT_H_

namespace likeness {

// A font of our own for texts upon pictures: 5 x 7 dots a letter.
inline constexpr int kGlyphWidth = 5;
inline constexpr int kGlyphHeight = 7;

// Whether `letter` has a dot at `column`, `row` (0 is the top). False outside
// the letter, and everywhere for one that the font does not have.
bool GlyphHas(char letter, int column, int row);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_FONT_H_
