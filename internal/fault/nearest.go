package fault

import "slices"

// Nearest gives the allowed word that a misspelt one was most likely meant as, or ""
// when none is near. Distance: optimal string alignment (a swap of neighbours counts
// one), at most a third of the word's letters.
func Nearest(word string, allowed []string) string {
	best, at := "", max(1, len([]rune(word))/3)+1
	for _, a := range allowed {
		if d := distance([]rune(word), []rune(a)); d < at {
			best, at = a, d
		}
	}
	return best
}

func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = slices.Min([]int{rows[i-1][j] + 1, rows[i][j-1] + 1, change})
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
