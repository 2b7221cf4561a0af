package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"kompetenceudvikling.dk/kompas/internal/content"
)

// archetypes are the pages that `kompas new` begins: where they go, and what they say.
// The comments tell what may be taken away.
func archetypes() map[string]archetype {
	return map[string]archetype{
		"nyhed": {"nyheder/{{ .Day }}-{{ .Slug }}.md", `---
title: "{{ .Title }}"
description: Skriv én sætning, der fortæller nyheden.   # vises i lister og søgning
date: {{ .Day }}
#publishDate: {{ .Day }}T08:00   # tag # væk, hvis nyheden først skal ud senere
params:
  slags: nyhed
  ejer: sekretariat      # eller: fond
  #kilder: [S1]          # ids fra content/data/kilder.yaml
  #emner: [fonden]       # ids fra content/data/emner.yaml
---
Skriv det vigtigste først. Hvad er nyt, hvem gælder det, og fra hvornår?
`},
		"side": {"{{ .Folder }}{{ .Slug }}.md", `---
title: "{{ .Title }}"
description: Skriv én sætning, der giver svaret.   # vises i lister og søgning
#weight: 50              # rækkefølgen blandt siderne i mappen
params:
  slags: guide           # eller: regel, opgave, pulje, om ...
  ejer: sekretariat      # eller: fond
  #kilder: [S1]          # skal med, hvis slags er regel, opgave eller pulje. Det samme gælder de fire næste
  #kontrolleret: {{ .Day }}
  #naeste-kontrol: {{ .Later }}
  #maalgruppe: [medarbejder]   # medarbejder leder hr tillidsrepraesentant samarbejdsudvalg
  #periode: OK24
  #emner: [fonden]
---
Begynd med svaret på sidens titel.

## Det næste, du gør

Skriv det første skridt.
`},
		"arrangement": {"arrangementer/{{ .Day }}-{{ .Slug }}.md", `---
title: "{{ .Title }}"
description: Skriv én sætning, der siger, hvad det er, og hvem det er for.
params:
  slags: arrangement
  ejer: sekretariat
  begynder: {{ .Day }}T10:00   # dansk tid
  #slutter: {{ .Day }}T12:00
  #sted: Skriv, hvor det er
  #emner: [mus]                # ids fra content/data/emner.yaml
---
Skriv først, hvad deltagerne får ud af det. Skriv så, hvordan man melder sig til.
`},
		"case": {"cases/{{ .Slug }}.md", `---
title: "{{ .Title }}"
description: Skriv én sætning om, hvad arbejdspladsen gjorde, og hvad der kom ud af det.
params:
  slags: case
  ejer: sekretariat
  arbejdsplads: Skriv arbejdspladsens navn
  #kilder: [S1]          # ids fra content/data/kilder.yaml
  emner: [mus]           # ids fra content/data/emner.yaml; det første er overskriften, casen står under
---
Begynd med det, andre kan lære af casen.

## Det gjorde de

Skriv kun det, arbejdspladsen selv har fortalt, og hvornår.

## Det kan I bruge

Skriv et eller to råd.
`},
		"kursus": {"amu/kurser/{{ .Slug }}.md", `---
title: "{{ .Title }}"
description: Skriv én sætning om, hvem kurset er for, og hvad man kan bagefter.
params:
  slags: kursus          # skal kurset også stå i tabellen, så skriv det i content/data/kurser.yaml
  ejer: sekretariat
  #kilder: [S1]          # ids fra content/data/kilder.yaml
---
Begynd med, hvem kurset er for, og hvad de kan bagefter.

## Sådan kommer du på kurset

Skriv det første skridt. Har du ikke set en kode eller en pris, så skriv det.
`},
		"indsats": {"55-plus/{{ .Slug }}.md", `---
title: "{{ .Title }}"
description: Skriv én sætning om, hvem indsatsen er for, og hvad den giver.
params:
  slags: indsats         # skal indsatsen også stå i tabellen, så skriv den i content/data/indsatser.yaml
  ejer: sekretariat
  #kilder: [S1]          # ids fra content/data/kilder.yaml
---
Begynd med, hvad indsatsen er, og om den stadig kører.

## Det næste, du gør

Skriv det første skridt.
`},
	}
}

type archetype struct{ file, text string }

func newCommand(_ context.Context, c *call) error {
	s := c.source()
	folder := c.flags.String("mappe", "", "mappen under content/ til en side, fx fonden")
	if err := c.parse(2); err != nil {
		return err
	}
	kind, ok := archetypes()[c.flags.Arg(0)]
	title := strings.TrimSpace(c.flags.Arg(1))
	if !ok || title == "" {
		return usageError{"skriv, hvad der skal begyndes, og dets titel", "brugen er: " + c.usage}
	}
	in, err := s.input()
	if err != nil {
		return err
	}
	if *folder != "" {
		*folder = strings.Trim(filepath.ToSlash(*folder), "/") + "/"
	}
	view := map[string]string{
		"Title": strings.ReplaceAll(strings.ReplaceAll(title, `\`, `\\`), `"`, `\"`), "Slug": content.Slug(title), "Folder": *folder,
		"Day": in.Now.In(content.Copenhagen()).Format(time.DateOnly), "Later": content.AddMonths(in.Now, 6).Format(time.DateOnly),
	}
	if view["Slug"] == "" {
		return usageError{fmt.Sprintf("titlen %q giver ikke en adresse", title), "brug bogstaver eller tal i titlen"}
	}
	name, err := fill(kind.file, view)
	if err != nil {
		return err
	}
	text, err := fill(kind.text, view)
	if err != nil {
		return err
	}
	return c.begin(s.dir, "content/"+name, text)
}

func fill(text string, view map[string]string) (string, error) {
	t, err := template.New("side").Parse(text)
	if err != nil {
		return "", fmt.Errorf("read archetype: %w", err)
	}
	var out strings.Builder
	err = t.Execute(&out, view)
	return out.String(), err
}

// begin writes a new file; one that is there is never written over.
func (c *call) begin(dir, name, text string) error {
	at := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(filepath.Join(dir, "content")); err != nil {
		return usageError{"mappen content/ findes ikke her", "gå ind i den mappe, der har content/ i sig, eller vis vej med --source MAPPE"}
	}
	if !inside(filepath.Join(dir, "content"), at) {
		return usageError{name + " ligger uden for content/", "brugen er: " + c.usage}
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	f, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usageError{name + " findes allerede", "vælg en anden titel, eller ret i den fil, der er"}
	}
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	fmt.Fprintln(c.stdout, name)
	return nil
}
