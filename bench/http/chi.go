package main

import (
	"log"
	"net/http"

	"github.com/go-chi/chi/v5/middleware"
)

// chiStages are chi's own middlewares.
func chiStages() []func(http.Handler) http.Handler {
	list := []func(http.Handler) http.Handler{
		middleware.RequestID,
		answerID,
		middleware.RequestLogger(&middleware.DefaultLogFormatter{Logger: log.New(nowhere{}, "", log.LstdFlags), NoColor: true}),
	}
	for _, f := range securityFields {
		list = append(list, middleware.SetHeader(f[0], f[1]))
	}
	return append(list, middleware.Recoverer, onHost, middleware.RequestSize(bodyLimit), middleware.Timeout(wholeTime))
}

// answerID tells the client the id, which chi's middleware leaves to others.
func answerID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(idField, middleware.GetReqID(r.Context()))
		next.ServeHTTP(w, r)
	})
}
