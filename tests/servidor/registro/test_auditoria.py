"""A busca da auditoria no banco de verdade: filtros, ordem, pedaços e o que fica de fora."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servidor.configuracao import Durabilidade
from servidor.nucleo.portas import Anotacao, ErroDeLeitura, LinhaDeSala, MensagemGravada
from servidor.publicacao import ItemDeAuditoria, PerguntaDeAuditoria, RespostaDeAuditoria
from servidor.rede.arquivista import Arquivista
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.auditoria import Busca
from servidor.registro.banco import abrir_banco
from tests.servidor.nucleo.palco import Cena
from tests.servidor.registro.soltas import soltas


@pytest.fixture
def arquivo(tmp_path: Path) -> Iterator[ArquivoEmSqlite]:
    """Duas salas, quatro mensagens e três acontecimentos, um por milissegundo."""
    arquivo = ArquivoEmSqlite(abrir_banco(tmp_path, Durabilidade.NORMAL))
    salas = [LinhaDeSala(1, "Redação", False, "", None, None, None), LinhaDeSala(2, "geral", True, "", None, None, None)]
    falas = [
        MensagemGravada(1, 1, "João", "joão", "Olá, CORAÇÃO!", 10, None),
        MensagemGravada(2, 1, "Ana", "ana", "100% de acordo_com_tudo", 20, None),
        MensagemGravada(1, 2, "Ana", "ana", "straße Ωmega", 30, None),
        MensagemGravada(2, 2, "JOÃO", "joão", "até 'logo'; DROP TABLE mensagens", 40, None),
    ]
    fatos = [
        Anotacao(15, "entrou", "Redação", "João", ""),
        Anotacao(35, "expulso", "Redação", "João", "Ana"),
        Anotacao(45, "baniu", "", "Zé", "Servidor"),
    ]
    arquivo.gravar(soltas(falas), {(LinhaDeSala, sala.sala_id): sala for sala in salas}, fatos)
    yield arquivo
    arquivo.fechar()


def buscar(arquivo: ArquivoEmSqlite, **campos: Any) -> list[ItemDeAuditoria]:
    """Tudo o que uma pergunta acha, pedaço a pedaço."""
    busca, achados = arquivo.buscar(PerguntaDeAuditoria(7, **campos)), []
    while True:
        resposta = busca.passo()
        assert resposta.numero == 7
        achados += resposta.itens
        if resposta.acabou:
            return achados


def horas(arquivo: ArquivoEmSqlite, **campos: Any) -> list[int]:
    """As horas do que uma pergunta acha: bastam para reconhecer cada item."""
    return [item.hora_ms for item in buscar(arquivo, **campos)]


def test_tudo_do_mais_novo_ao_mais_velho(arquivo: ArquivoEmSqlite) -> None:
    """Com sala, nome, quem fez e texto no lugar certo."""
    tudo = buscar(arquivo)
    assert [item.hora_ms for item in tudo] == [45, 40, 35, 30, 20, 15, 10]
    assert tudo[2] == ItemDeAuditoria(35, "expulso", "Redação", "João", "Ana", "")
    assert tudo[-1] == ItemDeAuditoria(10, "mensagem", "Redação", "João", "", "Olá, CORAÇÃO!")


@pytest.mark.parametrize(
    ("campos", "esperado"),
    [
        ({"texto": "coracao"}, [10]),
        ({"texto": "CORAÇÃO"}, [10]),
        ({"texto": "corac\u0327a\u0303o"}, [10]),
        ({"texto": "STRASSE"}, [30]),
        ({"texto": "ωMEGA"}, [30]),
        ({"texto": "%"}, [20]),
        ({"texto": "o_c"}, [20]),
        ({"texto": "'"}, [40]),
        ({"texto": "nada disto"}, []),
        ({"nome": "joao"}, [40, 35, 15, 10]),
        ({"nome": "Jo"}, [40, 35, 15, 10]),
        ({"nome": "ana"}, [35, 30, 20]),
        ({"nome": "servidor"}, [45]),
        ({"sala": "#redacao"}, [35, 30, 15, 10]),
        ({"sala": "GERAL"}, [40, 20]),
        ({"tipos": frozenset({"expulso", "baniu"})}, [45, 35]),
        ({"tipos": frozenset({"mensagem"})}, [40, 30, 20, 10]),
        ({"tipos": frozenset({"mensagem"}), "nome": "joao", "sala": "redacao"}, [10]),
        ({"desde_ms": 20}, [45, 40, 35, 30, 20]),
        ({"ate_ms": 20}, [20, 15, 10]),
        ({"desde_ms": 15, "ate_ms": 35}, [35, 30, 20, 15]),
        ({"desde_ms": 50}, []),
        ({"desde_ms": 30, "ate_ms": 20}, []),
        ({"limite": 2}, [45, 40]),
        ({"limite": 1, "texto": "coracao"}, [10]),
        ({"limite": 0}, []),
    ],
)
def test_filtros(campos: dict[str, Any], esperado: list[int], arquivo: ArquivoEmSqlite) -> None:
    """Sem caixa nem acentos; período com as duas pontas; todos os filtros valem juntos."""
    assert horas(arquivo, **campos) == esperado


def test_sala_removida_continua_com_nome(arquivo: ArquivoEmSqlite) -> None:
    """O que se disse nela ainda se procura por ele."""
    arquivo.gravar([], {(LinhaDeSala, 1): None})
    assert horas(arquivo, sala="redacao", tipos=frozenset({"mensagem"})) == [30, 10]


def encher(arquivo: ArquivoEmSqlite, quantas: int) -> None:
    """Muitas mensagens iguais, uma por milissegundo a partir de 1000."""
    arquivo.gravar(soltas(MensagemGravada(2, 3 + n, "Ana", "ana", "oi", 1000 + n, None) for n in range(quantas)), {})


def test_em_pedacos(arquivo: ArquivoEmSqlite) -> None:
    """Cada passo olha até 500 linhas; o último diz que acabou; nada falta nem se repete."""
    encher(arquivo, 1200)
    busca, tamanhos = arquivo.buscar(PerguntaDeAuditoria(1, limite=5000)), []
    while not (resposta := busca.passo()).acabou:
        tamanhos.append(len(resposta.itens))
    assert [*tamanhos, len(resposta.itens)] == [500, 500, 207]
    assert len(set(horas(arquivo, limite=5000))) == 1207
    assert len(horas(arquivo, limite=600)) == 600


def test_uma_fala_de_muitas_mensagens_acha_se_mensagem_a_mensagem(arquivo: ArquivoEmSqlite) -> None:
    """A última primeiro, como tudo o mais; e cada uma conta no limite e no pedaço."""
    textos = [f"fala {n} {'par' if n % 2 == 0 else 'ímpar'}" for n in range(700)]
    arquivo.gravar([(2, 3, "Ana", "ana", textos, 1000, [None] * 700), (1, 3, "João", "joão", ["sozinha"], 1001, ["r"])], {})
    assert [item.texto for item in buscar(arquivo, desde_ms=1000, limite=5000)] == ["sozinha", *reversed(textos)]
    assert [item.texto for item in buscar(arquivo, texto="impar", limite=3)] == ["fala 699 ímpar", "fala 697 ímpar", "fala 695 ímpar"]
    passo = arquivo.buscar(PerguntaDeAuditoria(1, limite=5000)).passo()
    assert len(passo.itens) == 701 and not passo.acabou
    assert len(buscar(arquivo, limite=5000)) == 708


def test_grava_se_no_meio_de_uma_busca(arquivo: ArquivoEmSqlite) -> None:
    """A conversa não espera pela auditoria, e a busca segue até o fim do que já havia."""
    encher(arquivo, 1200)
    busca = arquivo.buscar(PerguntaDeAuditoria(1, limite=5000))
    achados = list(busca.passo().itens)
    arquivo.gravar(soltas([MensagemGravada(2, 2000, "Ana", "ana", "nova", 9999, None)]), {})
    arquivo.esquecer(12)
    while not (resposta := busca.passo()).acabou:
        achados += resposta.itens
    achados += resposta.itens
    assert len([item for item in achados if item.hora_ms >= 1000 and item.texto == "oi"]) == 1200
    assert arquivo.ultima_seq(2) == 2000


def test_usa_os_indices_e_nao_ordena_tudo(arquivo: ArquivoEmSqlite) -> None:
    """Com um ano de conversa, o primeiro pedaço não pode custar mais que o último."""
    from servidor.registro import auditoria

    plano = arquivo._conexao.execute("EXPLAIN QUERY PLAN " + auditoria._CONSULTA, {"desde_ms": 0, "ate_ms": 10}).fetchall()
    descricao = " | ".join(linha[3] for linha in plano)
    assert "TEMP B-TREE" not in descricao and "falas_por_hora" in descricao, descricao


# --- quem pergunta --------------------------------------------------------------------------


class LacoDeMentira:
    """Guarda o que deve ser feito, e faz um de cada vez."""

    def __init__(self) -> None:
        self.fila: list[Any] = []
        self.esperas: list[float] = []

    def por(self, acao: Any) -> None:
        """Para já."""
        self.fila.append(acao)

    def daqui_a(self, espera_s: float, acao: Any) -> None:
        """Para depois."""
        self.esperas.append(espera_s)
        self.fila.append(acao)

    def girar(self) -> None:
        """Faz o mais antigo."""
        self.fila.pop(0)()


@pytest.fixture
def respostas() -> list[RespostaDeAuditoria]:
    """O que o arquivista publica."""
    return []


def montar(arquivo: ArquivoEmSqlite, respostas: list[RespostaDeAuditoria]) -> tuple[LacoDeMentira, Arquivista]:
    """Um arquivista sobre o banco de verdade e um laço à mão."""
    laco = LacoDeMentira()
    return laco, Arquivista(laco, arquivo, Cena().relogio, respostas.append)


def test_a_pergunta_mais_nova_cancela_a_anterior(arquivo: ArquivoEmSqlite, respostas: list[RespostaDeAuditoria]) -> None:
    """Dali em diante só se responde à nova."""
    encher(arquivo, 1200)
    laco, arquivista = montar(arquivo, respostas)
    arquivista.auditar(PerguntaDeAuditoria(1, limite=5000))
    laco.girar()
    arquivista.auditar(PerguntaDeAuditoria(2, texto="coracao"))
    while laco.fila:
        laco.girar()
    numeros = [r.numero for r in respostas]
    assert numeros == sorted(numeros) and set(numeros) == {1, 2}
    assert [r.numero for r in respostas if r.acabou] == [2], "a primeira nunca chegou ao fim"


def test_uma_falha_de_leitura_acaba_a_busca(
    arquivo: ArquivoEmSqlite, respostas: list[RespostaDeAuditoria], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quem perguntou sabe que acabou, e pode perguntar de novo."""
    encher(arquivo, 1200)
    laco, arquivista = montar(arquivo, respostas)

    def falhar(_: Busca) -> None:
        raise ErroDeLeitura("o disco não responde")

    arquivista.auditar(PerguntaDeAuditoria(1, limite=5000))
    laco.girar()
    with monkeypatch.context() as estrago:
        estrago.setattr(Busca, "passo", falhar)
        laco.girar()
    assert respostas[-1] == RespostaDeAuditoria(1, (), True) and not laco.fila
    arquivista.auditar(PerguntaDeAuditoria(2, texto="coracao"))
    while laco.fila:
        laco.girar()
    assert sum(len(r.itens) for r in respostas if r.numero == 2) == 1
