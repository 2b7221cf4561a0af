package publish

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// A User may push.
type User struct{ Name, Role string }

// Users are the lines of a file, navn:rolle:bcrypt. The file is read again when it
// changes.
type Users struct {
	Failed func(error) // hears once of a file, or a line of it, that cannot be read again; may be nil

	file string

	mu    sync.Mutex
	of    time.Time // when the file that was read was written
	size  int64
	lines map[string]userLine
	told  string                 // what Failed heard last; "" when all was read since
	known map[[32]byte]time.Time // passwords seen to be right, by a hash that is another in each run
	salt  [32]byte
	slots chan struct{}
}

type userLine struct {
	role string
	hash []byte
}

// A UsersError is a line of the users file that cannot be read.
type UsersError struct {
	File    string
	Line    int
	Message string // Danish
}

func (e *UsersError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message) }

// bcrypt takes a core for a twentieth of a second: at most so many at once, and what
// was right is remembered for a while. git asks three times for each push.
const (
	checksAtOnce = 2
	rememberFor  = 5 * time.Minute
	passwordMin  = 12
	passwordMax  = 72 // bytes; bcrypt reads no more
)

// OpenUsers reads the file of users.
func OpenUsers(file string) (*Users, error) {
	u := &Users{file: file, known: map[[32]byte]time.Time{}, slots: make(chan struct{}, checksAtOnce)}
	_, _ = rand.Read(u.salt[:])
	u.mu.Lock()
	defer u.mu.Unlock()
	return u, u.read()
}

var userRe = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

// read takes the lines of a file that has changed. Those that are no users count for
// nobody, and the first of them is the error.
func (u *Users) read() error {
	info, err := os.Stat(u.file)
	if err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	if info.ModTime().Equal(u.of) && info.Size() == u.size {
		return nil
	}
	src, err := os.ReadFile(u.file)
	if err != nil {
		return fmt.Errorf("read users: %w", err)
	}
	lines := map[string]userLine{}
	var bad error
	scan := bufio.NewScanner(bytes.NewReader(src))
	for n := 1; scan.Scan(); n++ {
		line := strings.TrimSpace(scan.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, ":")
		if problem := lineProblem(f, lines); problem == "" {
			lines[f[0]] = userLine{f[1], []byte(f[2])}
		} else if bad == nil {
			bad = &UsersError{u.file, n, problem}
		}
	}
	u.lines, u.of, u.size = lines, info.ModTime(), info.Size()
	clear(u.known)
	return bad
}

// lineProblem says in Danish why the fields of a line are no user, "" when they are one.
func lineProblem(f []string, lines map[string]userLine) string {
	if len(f) != 3 {
		return "linjen er ikke navn:rolle:kodeord"
	}
	if problem := UserProblem(f[0], f[1]); problem != "" {
		return problem
	}
	if lines[f[0]].hash != nil {
		return f[0] + " står der to gange"
	}
	if _, err := bcrypt.Cost([]byte(f[2])); err != nil {
		return "kodeordet er ikke gemt med bcrypt; lav linjen med kompas publish user"
	}
	return ""
}

// refresh reads the file again if it has changed.
func (u *Users) refresh() {
	err := u.read()
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != "" && text != u.told && u.Failed != nil {
		u.Failed(err)
	}
	u.told = text
	if errors.Is(err, os.ErrNotExist) { // it was taken away: nobody may push until it is back
		u.lines, u.of = nil, time.Time{}
	}
}

// decoy is checked for a name that is not there, so that the time does not tell.
var decoy = []byte("$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")

// Check gives the user of a name and password.
func (u *Users) Check(ctx context.Context, name, password string) (User, bool) {
	u.mu.Lock()
	u.refresh()
	line, ok := u.lines[name]
	key := sha256.Sum256(slices.Concat(u.salt[:], []byte(name), []byte{0}, []byte(password), line.hash))
	at, known := u.known[key]
	u.mu.Unlock()
	if known && time.Since(at) < rememberFor {
		return User{name, line.role}, ok
	}
	if name == "" || len(password) > passwordMax {
		return User{}, false
	}
	select {
	case u.slots <- struct{}{}:
		defer func() { <-u.slots }()
	case <-ctx.Done():
		return User{}, false
	}
	hash := line.hash
	if !ok {
		hash = decoy
	}
	if bcrypt.CompareHashAndPassword(hash, []byte(password)) != nil || !ok {
		return User{}, false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.known) > 1000 {
		clear(u.known)
	}
	u.known[key] = time.Now()
	return User{name, line.role}, true
}

// UserProblem says in Danish what is wrong with a name and role, "" for nothing.
func UserProblem(name, role string) string {
	switch {
	case !userRe.MatchString(name):
		return "navnet må kun have a-z, 0-9, punktum, bindestreg og understreg"
	case role != RoleEditor && role != RolePublisher:
		return "rollen skal være " + RoleEditor + " eller " + RolePublisher
	}
	return ""
}

// UserLine writes the line of a user, or says in Danish why it cannot.
func UserLine(name, role, password string) (line, problem string) {
	problem = UserProblem(name, role)
	switch {
	case problem != "":
		return "", problem
	case len(password) < passwordMin:
		return "", fmt.Sprintf("kodeordet skal have mindst %d tegn", passwordMin)
	case len(password) > passwordMax:
		return "", fmt.Sprintf("kodeordet må højst fylde %d bytes", passwordMax)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return "", "kodeordet kan ikke bruges"
	}
	return name + ":" + role + ":" + string(hash), ""
}
