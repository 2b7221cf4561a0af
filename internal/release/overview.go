package release

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/xuri/excelize/v2"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// overviewPage is the page that offers the spreadsheet; without it there is none.
const overviewPage = "/vaerktoejer/overblik/"

// overviewRows is how many grants the spreadsheet has room for.
const overviewRows = 300

// overview writes a workplace's spreadsheet of its own grants: a line for each, and for
// each line what the employee has got from the pool that year, held against the pool's
// ceiling on the day of the build.
func overview(tree *content.Tree, dir string) error {
	if tree.Page(overviewPage) == nil {
		return nil
	}
	day := tree.Now.In(content.Copenhagen()).Format(time.DateOnly) + "T00:00:00Z"
	f := excelize.NewFile()
	defer f.Close()
	s := &sheets{f: f}
	s.grants(tree.Data.Pools)
	s.ceilings(tree)
	s.do(f.SetDocProps(&excelize.DocProperties{
		Title: "Overblik over tilsagn fra Den Statslige Kompetencefond", Language: "da-DK", Creator: "Kompetencesekretariatet",
		Created: day, Modified: day,
	}))
	if s.err != nil {
		return fmt.Errorf("make spreadsheet: %w", s.err)
	}
	at := filepath.Join(dir, filepath.FromSlash(overviewPage))
	if err := os.MkdirAll(at, 0o755); err != nil {
		return err
	}
	return f.SaveAs(filepath.Join(at, "overblik.xlsx"))
}

// sheets writes cells and keeps the first error.
type sheets struct {
	f   *excelize.File
	err error
}

func (s *sheets) do(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheets) row(sheet string, n int, cells ...any) {
	s.do(s.f.SetSheetRow(sheet, fmt.Sprintf("A%d", n), &cells))
}

const (
	grantSheet   = "Tilsagn"
	ceilingSheet = "Lofter"
)

// grants is the sheet one fills in. Columns I and L to N are worked out.
func (s *sheets) grants(pools []content.Pool) {
	s.do(s.f.SetSheetName("Sheet1", grantSheet))
	s.row(grantSheet, 1, "Medarbejder", "Pulje", "Ansøgnings-ID", "Aktivitet", "Start og slut", "Svar", "Bevilget beløb (kr. uden moms)", "Dato for tilsagn",
		"Kalenderår", "Jeres bidrag", "Udbetalt", "Bevilget i alt det år", "Puljens loft pr. år, som det sidst er set (se "+ceilingSheet+")", "Tilbage det år, hvis loftet holder")
	last := overviewRows + 1
	for n := 2; n <= last; n++ {
		for column, formula := range map[string]string{
			"I": fmt.Sprintf(`IF(H%d="","",YEAR(H%d))`, n, n),
			"L": fmt.Sprintf(`IF(G%d="","",SUMIFS($G$2:$G$%d,$A$2:$A$%d,A%d,$B$2:$B$%d,B%d,$I$2:$I$%d,I%d))`, n, last, last, n, last, n, last, n),
			"M": fmt.Sprintf(`IF(B%d="","",IFERROR(VLOOKUP(B%d,%s!$A$2:$B$%d,2,FALSE),""))`, n, n, ceilingSheet, len(pools)+1),
			"N": fmt.Sprintf(`IF(OR(L%d="",NOT(ISNUMBER(M%d))),"",M%d-L%d)`, n, n, n, n),
		} {
			s.do(s.f.SetCellFormula(grantSheet, fmt.Sprintf("%s%d", column, n), formula))
		}
	}
	var names []string
	for _, p := range pools {
		names = append(names, p.Short)
	}
	choose := excelize.NewDataValidation(true)
	choose.SetSqref(fmt.Sprintf("B2:B%d", last))
	s.do(choose.SetDropList(names))
	s.do(s.f.AddDataValidation(grantSheet, choose))
	s.look(grantSheet, 14, last)
}

// look makes the header bold and kept in sight, and dates and sums readable.
func (s *sheets) look(sheet string, columns, last int) {
	bold, err := s.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	s.do(err)
	end, err := excelize.ColumnNumberToName(columns)
	s.do(err)
	s.do(s.f.SetCellStyle(sheet, "A1", end+"1", bold))
	s.do(s.f.SetColWidth(sheet, "A", end, 22))
	s.do(s.f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	if sheet != grantSheet {
		return
	}
	date := "dd-mm-yyyy"
	days, err := s.f.NewStyle(&excelize.Style{CustomNumFmt: &date})
	s.do(err)
	s.do(s.f.SetCellStyle(sheet, "H2", fmt.Sprintf("H%d", last), days))
}

// ceilings is the sheet of the pools: the ceiling for a calendar year where the pool has
// one, and what it rests on.
func (s *sheets) ceilings(tree *content.Tree) {
	_, err := s.f.NewSheet(ceilingSheet)
	s.do(err)
	s.row(ceilingSheet, 1, "Pulje", "Loft pr. kalenderår (kr.)", "Om loftet", "Fra aftalen", "Bekræftet")
	for i, p := range tree.Data.Pools {
		rate := p.Rates[0].ID
		v, status, err := tree.Data.Rates.On(rate, tree.Now)
		if err != nil {
			s.do(err)
			return
		}
		var ceiling any
		if tree.Data.Rates[rate].Per == "pr. kalenderår" && v.Kr != nil {
			ceiling = *v.Kr
		} else {
			ceiling = "pr. ansøgning"
		}
		confirmed := "ja"
		if status != content.Confirmed {
			confirmed = "nej, spørg fonden"
		}
		s.row(ceilingSheet, i+2, p.Short, ceiling, p.LimitText, v.Period, confirmed)
	}
	s.row(ceilingSheet, len(tree.Data.Pools)+3, "Lofterne er dem, webstedet viste den "+tree.Now.In(content.Copenhagen()).Format("2.1.2006")+". Se /fonden/beloeb/ for de nyeste.")
	s.look(ceilingSheet, 5, 0)
}
