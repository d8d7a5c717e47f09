package keys_test

// What version 1 made of secret(1, 32). The signature was computed outside of
// Go too, from RFC 2104 and RFC 5869.
const (
	stableSignature = "tf9unPLAzpRp8F2MNNE30oiARzNDjs7SOkptwvF4tIuFD_DC"
	stableSealed    = "AbX_bpycVws_aX49PesVhGjJy94PExyzQzg_WOsX6mP_pfAU-shLkVnF"
)
