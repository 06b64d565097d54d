"""Quem acompanha a lista de salas: avisos agrupados e nunca atrasados (§5.1)."""

from __future__ import annotations

from tests.servidor.nucleo.palco import Cena, acompanhante


def test_acompanhar_conta_sala_nova_e_removida(cena: Cena) -> None:
    """Com os mesmos campos da lista; `acompanhar:false` faz parar e ausente não muda nada."""
    olho, ana = acompanhante(cena), cena.conectar("Ana")
    ana.exigir("criar", sala="Aula", assunto="frações")
    (nova,) = olho.eventos()
    assert nova == {
        "tipo": "sala_mudou",
        "sala": "Aula",
        "membros": 1,
        "protegida": False,
        "fixa": False,
        "assunto": "frações",
        "criador": "Ana",
    }
    cena.passar(1)
    olho.exigir("salas")
    ana.exigir("sair", sala="aula")
    assert olho.eventos() == [{"tipo": "sala_removida", "sala": "Aula"}]
    olho.exigir("salas", acompanhar=False)
    ana.exigir("criar", sala="aula")
    cena.passar(1)
    assert olho.eventos() == []


def test_rajada_de_mudancas_e_agrupada(cena: Cena) -> None:
    """Quarenta mudanças em 1 s: no máximo 5 avisos (4 por segundo e o primeiro), e o último diz a verdade em 250 ms."""
    olho = acompanhante(cena)
    for i in range(40):
        cena.conectar(f"P{i}", salas="geral")
        cena.passar(0.025)
    avisos = olho.eventos("sala_mudou")
    assert len(avisos) <= 5
    cena.passar(0.25)
    ultimos = [*avisos, *olho.eventos("sala_mudou")]
    assert ultimos[-1]["membros"] == 40
    assert all(antes["membros"] < depois["membros"] for antes, depois in zip(ultimos, ultimos[1:], strict=False))


def test_nunca_sala_mudou_atrasado(cena: Cena) -> None:
    """Criar, encher e sumir dentro de uma pausa: o que chega por último é a remoção."""
    olho, ana, bia = acompanhante(cena), cena.conectar("Ana"), cena.conectar("Bia")
    ana.exigir("criar", sala="aula")
    bia.exigir("entrar", sala="aula")
    for pessoa in (ana, bia):
        pessoa.exigir("sair", sala="aula")
    cena.passar(5)
    assert [e["tipo"] for e in olho.eventos()] == ["sala_mudou", "sala_removida"]


def test_sala_recriada_com_outra_caixa_troca_de_nome_na_lista(cena: Cena) -> None:
    """Quem acompanha não fica com a escrita antiga na lista."""
    olho, ana = acompanhante(cena), cena.conectar("Ana")
    ana.exigir("criar", sala="Aula")
    ana.exigir("sair", sala="Aula")
    ana.exigir("criar", sala="AULA")
    cena.passar(1)
    lista: set[str] = set()
    for e in olho.eventos():
        (lista.add if e["tipo"] == "sala_mudou" else lista.discard)(e["sala"])
    assert lista == {"AULA"}


def test_quem_cai_deixa_de_acompanhar(cena: Cena) -> None:
    """Nada vai para uma conexão que acabou."""
    olho, ana = acompanhante(cena), cena.conectar("Ana")
    olho.cair()
    ana.exigir("criar", sala="aula")
    cena.passar(1)
    assert olho.eventos() == []
