"""Os códigos de erro e como vão pelo fio (§§2.3 e 9.4)."""

from __future__ import annotations

import pytest

from protocolo.erros import FRASES, Codigo, ErroDeProtocolo, ErroQuadroGrande, ErroQuadroInvalido

DO_CONTRATO = """
quadro_grande_demais quadro_invalido tipo_desconhecido mensagem_invalida versao_incompativel fora_de_ordem nome_invalido
nome_em_uso senha_exigida senha_incorreta senha_invalida muitas_tentativas banido servidor_cheio sala_invalida sala_existe
sala_inexistente fora_da_sala sem_permissao usuario_inexistente texto_invalido devagar limite_de_salas exige_tls interno
"""


def test_os_codigos_sao_os_do_contrato() -> None:
    """Nem um a mais, nem um a menos."""
    assert sorted(Codigo) == sorted(DO_CONTRATO.split())


@pytest.mark.parametrize("codigo", Codigo)
def test_todo_codigo_tem_uma_frase_para_mostrar(codigo: Codigo) -> None:
    """Uma frase em português, com maiúscula e ponto, sem código no meio."""
    frase = FRASES[codigo]
    assert frase[0].isupper() and frase.endswith(".") and "_" not in frase


def test_como_vai_pelo_fio() -> None:
    """Campo e espera só vão quando há."""
    assert ErroDeProtocolo(Codigo.DEVAGAR).como_carga() == {
        "tipo": "erro", "codigo": "devagar", "mensagem": FRASES[Codigo.DEVAGAR],
    }  # fmt: skip
    erro = ErroDeProtocolo(Codigo.MENSAGEM_INVALIDA, "Falta.", campo="sala", espere_ms=0)
    assert erro.como_carga() == {
        "tipo": "erro", "codigo": "mensagem_invalida", "mensagem": "Falta.", "campo": "sala", "espere_ms": 0,
    }  # fmt: skip
    assert type(erro.como_carga()["codigo"]) is str


def test_os_erros_de_quadro_sabem_o_seu_codigo() -> None:
    """E dizem o que foi, com números."""
    assert ErroQuadroGrande(70_000, 65_536).codigo is Codigo.QUADRO_GRANDE_DEMAIS
    assert "70000" in ErroQuadroGrande(70_000, 65_536).mensagem
    assert ErroQuadroInvalido("motivo").como_carga()["codigo"] == "quadro_invalido"
