package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"sync"
)

//go:embed static
var assets embed.FS

// stamps are the digests of the assets: an address with its stamp may be kept for ever.
var stamps = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	_ = fs.WalkDir(assets, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := assets.ReadFile(name)
		sum := sha256.Sum256(b)
		all[name] = hex.EncodeToString(sum[:6])
		return err
	})
	return all
})

// asset is the address of a static file.
func asset(name string) string { return "/static/" + name + "?v=" + stamps()["static/"+name] }

func (s *Server) static(w http.ResponseWriter, r *request) {
	name := "static/" + path.Clean(r.PathValue("name"))
	b, err := assets.ReadFile(name)
	if err != nil {
		s.sorry(w, r, http.StatusNotFound, "web.no-page")
		return
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".woff2" {
		kind = "font/woff2"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("ETag", `"`+stamps()[name]+`"`)
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == stamps()[name] || path.Ext(name) == ".woff2" {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == h.Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(b) // the reader may be gone; there is nobody to tell
}
