"""O que se pode fazer quando a conexão não deu certo por causa da cifra."""

from __future__ import annotations

from cliente.sessao import TipoDeFalha

DA_CIFRA = {
    TipoDeFalha.EXIGE_TLS: " Ligue a conexão protegida e tente de novo.",
    TipoDeFalha.SEM_CIFRA: " Nada foi enviado.",
    TipoDeFalha.DEIXOU_DE_CIFRAR: " Se quem cuida dele disser que é assim mesmo, desligue a conexão protegida.",
    TipoDeFalha.CIFRA_FALHOU: " Nada foi enviado.",
}
"""As falhas que se mostram junto da chave da cifra, e o que se pode fazer."""
