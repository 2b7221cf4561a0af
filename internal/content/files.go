package content

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	_ "golang.org/x/image/webp"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// readFiles reads every file below a folder of content, by name, and refuses what is not
// content.
func readFiles(fsys fs.FS, root string, faults *fault.List) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if strings.HasPrefix(e.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		if Hidden(e.Name()) {
			return nil
		}
		src, err := readFile(fsys, name, e, faults)
		if err == nil && src != nil {
			files[name] = src
		}
		return err
	})
	return files, err
}

// Hidden tells files that file managers and editors leave behind, by their name.
func Hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || name == "Thumbs.db" || name == "desktop.ini" || strings.HasSuffix(name, "~")
}

const (
	textLimit     = 2 << 20
	pictureLimit  = 8 << 20
	documentLimit = 20 << 20
)

var limits = map[string]int64{
	".md": textLimit, ".yaml": textLimit, ".csv": textLimit,
	".png": pictureLimit, ".jpg": pictureLimit, ".webp": pictureLimit,
	".pdf": documentLimit, ".docx": documentLimit,
}

// otherPictures are what phones and scanners write, and browsers cannot all show.
var otherPictures = []string{".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff", ".svg", ".avif"}

// instead says what to do with a file that is no content.
func instead(name string) string {
	switch right := misspelt(name); {
	case right != "":
		return "endelsen skrives på en anden måde: giv filen navnet " + right
	case slices.Contains(otherPictures, strings.ToLower(path.Ext(name))):
		return "gem billedet som .jpg eller .png i et billedprogram"
	}
	return "flyt eller slet den. Her må ligge .md, .png, .jpg, .webp, .pdf og .docx, og i content/data/ de kendte .yaml- og .csv-filer"
}

// misspelt gives the name that a file should have when only its ending is written
// another way (IMG_1.JPG, foto.jpeg), "" for none.
func misspelt(name string) string {
	ext := path.Ext(name)
	right := strings.Replace(strings.ToLower(ext), ".jpeg", ".jpg", 1)
	if _, known := limits[right]; !known || right == ext {
		return ""
	}
	return path.Base(strings.TrimSuffix(name, ext) + right)
}

func readFile(fsys fs.FS, name string, e fs.DirEntry, faults *fault.List) ([]byte, error) {
	limit, known := limits[path.Ext(name)]
	switch {
	case !known || !inPlace(name):
		faults.Add(name, 0, "filen hører ikke til i content/", instead(name))
		return nil, nil
	case !e.Type().IsRegular():
		faults.Add(name, 0, "er en genvej, ikke en fil", "læg selve filen her")
		return nil, nil
	}
	info, err := e.Info()
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		faults.Add(name, 0, fmt.Sprintf("filen fylder %d MB; grænsen er %d MB", (info.Size()+1<<20-1)>>20, limit>>20), "gør den mindre, eller del den")
		return nil, nil
	}
	src, err := fs.ReadFile(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case limit == textLimit:
		return cleanText(name, src, faults), nil
	case limit == pictureLimit:
		checkPicture(name, src, faults)
	case limit == documentLimit:
		checkDocument(name, src, faults)
	}
	return src, nil
}

const pixelLimit = 40_000_000 // a browser, and Hugo, unpack all of them

// checkPicture reads the head of a picture, and no more.
func checkPicture(name string, src []byte, faults *fault.List) {
	config, format, err := image.DecodeConfig(bytes.NewReader(src))
	want := strings.Replace(strings.TrimPrefix(path.Ext(name), "."), "jpg", "jpeg", 1)
	switch {
	case err != nil || format != want:
		faults.Add(name, 0, "billedet kan ikke læses som "+path.Ext(name), "gem det igen i et billedprogram som .png, .jpg eller .webp")
	case config.Width*config.Height > pixelLimit:
		faults.Add(name, 0, fmt.Sprintf("billedet er %d gange %d punkter; grænsen er 40 millioner i alt", config.Width, config.Height), "gør det mindre: 2000 punkter i bredden er nok")
	}
}

var flowRe = regexp.MustCompile(`^content/selvtjek/[a-z0-9-]+/flow\.yaml$`)

// inPlace tells whether data lies in content/data and nothing else does.
func inPlace(name string) bool {
	ext := path.Ext(name)
	inData := strings.HasPrefix(name, dataDir)
	switch ext {
	case ".yaml":
		_, known := (&Data{}).files()[strings.TrimPrefix(name, dataDir)]
		return inData && known || flowRe.MatchString(name)
	case ".csv":
		return path.Dir(name) == dataDir+"statistik"
	}
	return !inData
}
