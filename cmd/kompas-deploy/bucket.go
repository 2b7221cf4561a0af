package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob"
	_ "gocloud.dev/blob/gcsblob"
	_ "gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"

	"kompetenceudvikling.dk/kompas/internal/deploy"
)

// A bucket is a deploy.Place in a cloud.
type bucket struct{ *blob.Bucket }

// errOpen is a place whose words gocloud cannot read.
var errOpen = errors.New("open bucket")

// openBucket opens s3://name?region=..., gs://name or azblob://name. The options are
// gocloud's; prefix=folder/ is a folder in the bucket.
func openBucket(ctx context.Context, place string) (*bucket, error) {
	u, err := url.Parse(place)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return nil, errOpen
	}
	b, err := blob.OpenBucket(ctx, place)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errOpen, err)
	}
	return &bucket{b}, nil
}

func (b *bucket) List(ctx context.Context) (map[string]int64, error) {
	held := map[string]int64{}
	for all := b.Bucket.List(nil); ; {
		o, err := all.Next(ctx)
		if errors.Is(err, io.EOF) {
			return held, nil
		}
		if err != nil {
			return nil, fmt.Errorf("list bucket: %w", err)
		}
		if !o.IsDir {
			held[o.Key] = o.Size
		}
	}
}

func (b *bucket) Read(ctx context.Context, key string) ([]byte, error) {
	src, err := b.ReadAll(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("read %s: %w", key, fs.ErrNotExist)
	}
	return src, err
}

func (b *bucket) Write(ctx context.Context, key string, body []byte, h deploy.Headers) error {
	err := b.WriteAll(ctx, key, body, &blob.WriterOptions{
		ContentType: h.Type, ContentEncoding: h.Encoding, CacheControl: h.Cache, DisableContentTypeDetection: true,
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	return nil
}

func (b *bucket) Delete(ctx context.Context, key string) error {
	if err := b.Bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("remove %s: %w", key, err)
	}
	return nil
}

func withoutOptions(place string) string {
	name, _, _ := strings.Cut(place, "?")
	return name
}

// explain gives an error in Danish, what to do about it, and the exit code.
func explain(err error, place string) (text, advice string, code int) {
	var refused *deploy.Refusal
	name := withoutOptions(place)
	switch {
	case errors.As(err, &refused):
		return refused.Text, refused.Advice, exitOther
	case errors.Is(err, errOpen):
		return fmt.Sprintf("%q er ikke en bucket, der kan åbnes: %v", place, err), "skriv s3://NAVN?region=REGION, gs://NAVN eller azblob://NAVN, og en mappe i den som ?prefix=MAPPE/", exitUsage
	case errors.Is(err, context.Canceled):
		return "afbrudt", "kør igen; det, der er lagt op, bliver ikke sendt igen", exitOther
	}
	switch gcerrors.Code(err) {
	case gcerrors.NotFound:
		return fmt.Sprintf("%s findes ikke", name), "lav den først, og ret navnet eller regionen", exitOther
	case gcerrors.PermissionDenied:
		return fmt.Sprintf("der er ikke adgang til %s: %v", name, err), "giv nøglen lov til at liste, læse, skrive og slette", exitOther
	}
	return fmt.Sprintf("%s svarer ikke, som det skal: %v", name, err), "se efter nøgler, region og net, og kør igen; det, der er lagt op, bliver ikke sendt igen", exitOther
}
