package bench

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Server is a program that serves a release on this machine.
type Server struct {
	Name, URL string
	cmd       *exec.Cmd
}

// Headers are those every server is told to send: the same bytes are sent by all.
type Headers map[string]string

// Serve starts one of "kompas", "nginx" and "caddy" on the release at dir, with its
// files for settings in work. program is our own binary.
func Serve(ctx context.Context, name, program, dir, work string, headers Headers) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	site := filepath.Join(dir, "site")
	var cmd *exec.Cmd
	switch name {
	case "kompas":
		cmd = exec.CommandContext(ctx, program, "bench", "--serve", dir, "--addr", fmt.Sprintf("127.0.0.1:%d", port))
	case "nginx":
		conf := filepath.Join(work, "nginx.conf")
		err = os.WriteFile(conf, []byte(nginxConf(port, site, work, headers)), 0o644)
		cmd = exec.CommandContext(ctx, "nginx", "-c", conf, "-p", work, "-e", filepath.Join(work, "nginx.err"))
	case "caddy":
		conf := filepath.Join(work, "Caddyfile")
		err = os.WriteFile(conf, []byte(caddyFile(port, site, headers)), 0o644)
		cmd = exec.CommandContext(ctx, "caddy", "run", "--config", conf, "--adapter", "caddyfile")
		cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+work, "XDG_CONFIG_HOME="+work, "HOME="+work)
	default:
		return nil, fmt.Errorf("serve with %s: not known", name)
	}
	if err != nil {
		return nil, err
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	s := &Server{name, fmt.Sprintf("http://127.0.0.1:%d", port), cmd}
	for range 100 {
		if r, err := http.Get(s.URL + "/"); err == nil {
			r.Body.Close()
			return s, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.Stop()
	return nil, fmt.Errorf("start %s: does not answer", name)
}

// Stop ends the server.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// Memory gives the bytes the server and its children hold now; 0 where that is not
// known.
func (s *Server) Memory() int64 {
	pids := []string{strconv.Itoa(s.cmd.Process.Pid)}
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%s/task/%s/children", pids[0], pids[0]))
	pids = append(pids, strings.Fields(string(children))...)
	var sum int64
	for _, pid := range pids {
		f, err := os.Open("/proc/" + pid + "/status")
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "VmRSS:" {
				kB, _ := strconv.ParseInt(fields[1], 10, 64)
				sum += kB << 10
			}
		}
		f.Close()
	}
	return sum
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// nginxConf is a static site as one is told to set it up: sendfile, open files kept,
// compressed files beside the files. The user is the one that runs it, so that it may
// read a temporary folder.
func nginxConf(port int, site, work string, headers Headers) string {
	var add strings.Builder
	for name, value := range headers {
		fmt.Fprintf(&add, "    add_header %s %q always;\n", name, value)
	}
	modules, user := "", ""
	if _, err := os.Stat("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"); err == nil {
		modules = "load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;\n"
	}
	brotli := ""
	if modules != "" {
		brotli = "    brotli_static on;\n"
	}
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	return fmt.Sprintf(`%s%sdaemon off;
worker_processes auto;
pid %[3]s/nginx.pid;
events { worker_connections 2048; }
http {
  types {
    text/html html; text/css css; text/javascript js; application/json json; image/svg+xml svg;
    text/plain txt; application/xml xml; text/csv csv; text/calendar ics;
    application/atom+xml atom; application/rss+xml rss; application/yaml yaml;
  }
  charset utf-8;
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  open_file_cache max=20000 inactive=60s;
  client_body_temp_path %[3]s/body; proxy_temp_path %[3]s/proxy; fastcgi_temp_path %[3]s/fastcgi; uwsgi_temp_path %[3]s/uwsgi; scgi_temp_path %[3]s/scgi;
  server {
    listen 127.0.0.1:%[4]d;
    root %[5]s;
    index index.html;
    error_page 404 /404.html;
    gzip_static on;
    gzip_vary on;
%[6]s%[7]s    add_header Cache-Control no-cache always;
  }
}
`, modules, user, work, port, site, brotli, add.String())
}

func caddyFile(port int, site string, headers Headers) string {
	var add strings.Builder
	for name, value := range headers {
		fmt.Fprintf(&add, "    %s %q\n", name, value)
	}
	return fmt.Sprintf(`{
  admin off
  auto_https off
}
http://127.0.0.1:%d {
  root * %s
  header {
    Cache-Control no-cache
%s  }
  file_server {
    precompressed br gzip
  }
  handle_errors {
    rewrite * /404.html
    file_server {
      precompressed br gzip
    }
  }
}
`, port, site, add.String())
}
