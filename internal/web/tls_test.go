package web

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certificate writes a self-signed certificate for 127.0.0.1.
func certificate(t *testing.T, dir, name string) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	template.Subject.CommonName = name
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return certFile, keyFile, pool
}

func TestTLS(t *testing.T) {
	cert, key, pool := certificate(t, t.TempDir(), "et")
	addr, stop := start(t, encodedRelease(t), Options{Cert: cert, Key: key, HSTS: true})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	r, err := client.Get("https://" + addr + "/fonden/")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.ProtoMajor != 2 || r.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("%s, %v", r.Proto, r.Header)
	}
	if _, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("speaks TLS 1.1")
	}
	client.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := Serve(context.Background(), nil, nil, Options{Cert: "nej.pem", Key: "nej.pem"}); err == nil {
		t.Error("serves without its certificate")
	}
}

func TestRenewedCertificateIsRead(t *testing.T) {
	dir := t.TempDir()
	cert, key, _ := certificate(t, dir, "gammel")
	k := &keyPair{cert: cert, key: key}
	old, err := k.get(nil)
	if err != nil {
		t.Fatal(err)
	}
	certificate(t, dir, "ny")
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(cert, later, later); err != nil {
		t.Fatal(err)
	}
	k.looked = time.Time{}
	if now, err := k.get(nil); err != nil || bytes.Equal(now.Certificate[0], old.Certificate[0]) {
		t.Errorf("still the old certificate: %v", err)
	}
	if err := os.WriteFile(cert, []byte("itu"), 0o600); err != nil {
		t.Fatal(err)
	}
	k.looked = time.Time{}
	if now, err := k.get(nil); err != nil || now == nil {
		t.Errorf("a broken file took the certificate away: %v", err)
	}
}
