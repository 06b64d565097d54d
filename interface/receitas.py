"""As receitas dos estilos ttk, uma por aparência. Cada uma serve para qualquer fundo (plano)."""

from __future__ import annotations

from typing import Callable, NamedTuple

from interface.estilos import (
    MIOLO_GRANDE, RAIO_BOTAO, RAIO_CAMPO, RAIO_CARTAO, Camadas, Estado, Estilos,
)
from interface.pecas import Aba, Chave, Polegar

Montar = Callable[[Estilos, str, str], None]
_RECUO_NA_TABELA, _RECUO_DO_TK_PX = 6, 4     # o segundo, o Tk o soma em toda célula, seja qual for o estilo


class Receita(NamedTuple):
    """A classe ttk do estilo e quem o monta (`estilos`, nome do estilo, plano)."""

    classe: str
    montar: Montar


class _Botao(NamedTuple):
    """As cores de um tipo de botão; `None` em `recheio` é a cor do plano."""

    recheio: str | None
    realce: str
    apertado: str
    texto: str
    borda: str | None = None
    anel: str = "destaque"
    margem: tuple[float, float] = (14, 7)
    fonte: str = "forte"


_BOTOES = {
    "normal": _Botao("superficie", "realce", "lateral", "texto", borda="borda_campo"),
    "primario": _Botao("destaque", "destaque_realce", "destaque_apertado", "sobre_destaque", anel="texto"),
    "grande": _Botao("destaque", "destaque_realce", "destaque_apertado", "sobre_destaque", anel="texto",
                     margem=(18, 10)),
    "perigo": _Botao("superficie", "erro_suave", "erro_suave", "erro", borda="erro"),
    "fantasma": _Botao(None, "realce", "borda", "apagado", margem=(8, 6)),
    "suave": _Botao("destaque_suave", "selecao", "selecao", "destaque_texto", margem=(12, 6)),
}


def _montar_botao(tipo: _Botao) -> Montar:
    def montar(e: Estilos, nome: str, plano: str) -> None:
        recheio = tipo.recheio or plano
        desativado = plano if tipo.recheio is None else "desativado"
        estados: list[tuple[Estado, Camadas]] = [
            (("disabled",), e.forma(desativado)),
            (("pressed",), e.forma(tipo.apertado, tipo.borda)),
            (("focus", "active"), e.forma(tipo.realce, anel=tipo.anel)),
            (("focus",), e.forma(recheio, anel=tipo.anel)),
            (("active",), e.forma(tipo.realce, tipo.borda)),
        ]
        e.elemento(f"{nome}.fundo", plano, RAIO_BOTAO, e.forma(recheio, tipo.borda), estados, tipo.margem)
        e.ttk.layout(nome, [(f"{nome}.fundo", {"sticky": "nsew", "children": [
            ("Button.label", {"sticky": ""})]})])
        cor = e.tema.cor
        e.ttk.configure(nome, background=cor(plano), foreground=cor(tipo.texto), anchor="center",
                        font=e.tema.fonte(tipo.fonte), space=e.tema.px(8))
        e.ttk.map(nome, foreground=[("disabled", cor("desativado_texto"))], background=[])

    return montar


def _montar_fundo(raio: float, recheio: str, borda: str | None = None) -> Montar:
    """Um painel redondo (cartão, área recuada)."""
    def montar(e: Estilos, nome: str, plano: str) -> None:
        e.elemento(f"{nome}.fundo", plano, raio, e.forma(recheio, borda), miolo=MIOLO_GRANDE)
        e.ttk.layout(nome, [(f"{nome}.fundo", {"sticky": "nsew"})])
        e.ttk.configure(nome, background=e.tema.cor(plano))

    return montar


def _montar_painel(e: Estilos, nome: str, plano: str) -> None:
    e.ttk.configure(nome, background=e.tema.cor(plano))


def _montar_pilula(recheio: str, texto: str) -> Montar:
    def montar(e: Estilos, nome: str, plano: str) -> None:
        e.elemento(f"{nome}.fundo", plano, 9, e.forma(recheio), margem=(10, 4))
        e.ttk.layout(nome, [(f"{nome}.fundo", {"sticky": "nsew", "children": [
            ("Label.label", {"sticky": "nsew"})]})])
        e.ttk.configure(nome, background=e.tema.cor(plano), foreground=e.tema.cor(texto),
                        font=e.tema.fonte("secao"), anchor="center", space=e.tema.px(5))

    return montar


def _montar_filtro(e: Estilos, nome: str, plano: str) -> None:
    estados: list[tuple[Estado, Camadas]] = [
        (("focus", "selected"), e.forma("destaque_suave", anel="destaque")),
        (("active", "selected"), e.forma("selecao")),
        (("selected",), e.forma("destaque_suave")),
        (("focus",), e.forma(plano, anel="destaque")),
        (("active",), e.forma("realce", "borda")),
    ]
    e.elemento(f"{nome}.fundo", plano, 11, e.forma(plano, "borda"), estados, (11, 5))
    e.ttk.layout(nome, [(f"{nome}.fundo", {"sticky": "nsew", "children": [
        ("Checkbutton.label", {"sticky": ""})]})])
    cor = e.tema.cor
    e.ttk.configure(nome, background=cor(plano), foreground=cor("apagado"),
                    font=e.tema.fonte("legenda"), space=e.tema.px(6))
    e.ttk.map(nome, foreground=[("selected", cor("destaque_texto"))], background=[])


def _montar_interruptor(e: Estilos, nome: str, plano: str) -> None:
    e.ttk.element_create(
        f"{nome}.chave", "image", e.imagem(Chave(False, plano)),
        ("disabled", "selected", e.imagem(Chave(True, plano, desativada=True))),
        ("disabled", e.imagem(Chave(False, plano, desativada=True))),
        ("focus", "selected", e.imagem(Chave(True, plano, com_foco=True))),
        ("selected", e.imagem(Chave(True, plano))),
        ("focus", e.imagem(Chave(False, plano, com_foco=True))),
        sticky="w", padding=0)
    e.ttk.layout(nome, [("Checkbutton.padding", {"sticky": "nsew", "children": [
        (f"{nome}.chave", {"side": "left", "sticky": ""}),
        ("Checkbutton.label", {"side": "left", "sticky": "w"})]})])
    cor, px = e.tema.cor, e.tema.px
    e.ttk.configure(nome, background=cor(plano), foreground=cor("texto"),
                    font=e.tema.fonte("corpo"), padding=(0, px(4)))
    e.ttk.map(nome, foreground=[("disabled", cor("desativado_texto"))], background=[])


def _montar_linha_lateral(e: Estilos, nome: str, plano: str) -> None:
    """Uma linha de barra lateral: botão de opção que ocupa a largura toda."""
    estados: list[tuple[Estado, Camadas]] = [
        (("focus", "selected"), e.forma("destaque_suave", anel="destaque")),
        (("selected",), e.forma("destaque_suave")),
        (("focus",), e.forma(plano, anel="destaque")),
        (("active",), e.forma("realce")),
    ]
    e.elemento(f"{nome}.fundo", plano, 9, e.forma(plano), estados, (11, 7))
    e.ttk.layout(nome, [(f"{nome}.fundo", {"sticky": "nsew", "children": [
        ("Radiobutton.label", {"sticky": "w"})]})])
    cor = e.tema.cor
    e.ttk.configure(nome, background=cor(plano), foreground=cor("apagado"), anchor="w",
                    font=e.tema.fonte("corpo"), space=e.tema.px(10))
    e.ttk.map(nome, background=[], foreground=[("selected", cor("destaque_texto"))],
              font=[("selected", e.tema.fonte("forte"))])


def _montar_linha_nao_lida(e: Estilos, nome: str, plano: str) -> None:
    _montar_linha_lateral(e, nome, plano)
    e.ttk.configure(nome, foreground=e.tema.cor("texto"), font=e.tema.fonte("forte"))


def _estados_de_campo(e: Estilos, recheio: str) -> list[tuple[Estado, Camadas]]:
    return [
        (("disabled",), e.forma("desativado")),
        (("invalid",), e.forma("superficie", anel="erro")),
        (("focus",), e.forma("superficie", anel="destaque")),
        (("active",), e.forma(recheio, "borda_campo")),
    ]


def _montar_campo(e: Estilos, nome: str, plano: str) -> None:
    e.elemento(f"{nome}.fundo", plano, RAIO_CAMPO, e.forma("superficie", "borda_campo"),
               _estados_de_campo(e, "superficie"), (10, 7))
    e.ttk.layout(nome, [(f"{nome}.fundo", {"sticky": "nsew", "children": [
        ("Entry.padding", {"sticky": "nsew", "children": [("Entry.textarea", {"sticky": "nsew"})]})]})])
    _configurar_entrada(e, nome, plano)


def _configurar_entrada(e: Estilos, nome: str, plano: str) -> None:
    cor = e.tema.cor
    e.ttk.configure(nome, background=cor(plano), fieldbackground=cor("superficie"), foreground=cor("texto"),
                    insertcolor=cor("destaque"), insertwidth=max(2, e.tema.px(1.5)),
                    selectbackground=cor("destaque"), selectforeground=cor("sobre_destaque"))
    e.ttk.map(nome, foreground=[("disabled", cor("desativado_texto"))])


def _montar_moldura(recheio: str, borda: str | None) -> Montar:
    """A moldura redonda de algo que se preenche: o foco e o erro são do painel."""
    def montar(e: Estilos, nome: str, plano: str) -> None:
        # No alto contraste o recheio é da cor do plano: sem contorno não se via onde se escreve.
        contorno = "borda_campo" if e.tema.cor(recheio) == e.tema.cor(plano) else borda
        e.elemento(f"{nome}.fundo", plano, RAIO_CAMPO, e.forma(recheio, contorno), _estados_de_campo(e, recheio))
        e.ttk.layout(nome, [(f"{nome}.fundo", {"sticky": "nsew"})])
        e.ttk.configure(nome, background=e.tema.cor(plano))

    return montar


def _montar_entrada_nua(e: Estilos, nome: str, plano: str) -> None:
    """Só o texto, da cor do plano: a moldura é do painel em volta."""
    e.ttk.layout(nome, [("Entry.textarea", {"sticky": "nsew"})])
    _configurar_entrada(e, nome, plano)
    e.ttk.configure(nome, fieldbackground=e.tema.cor(plano))


def _montar_abas(e: Estilos, nome: str, plano: str) -> None:
    cor, px = e.tema.cor, e.tema.px
    margens = (px(14), px(9), px(14), px(10))
    e.ttk.element_create(
        f"{nome}.aba", "image", e.imagem(Aba(None, plano)),
        ("selected", "focus", e.imagem(Aba("texto", plano))), ("selected", e.imagem(Aba("destaque", plano))),
        ("active", e.imagem(Aba("borda_campo", plano))),
        border=(px(8), px(4), px(8), px(6)), padding=margens, sticky="nsew", width=0, height=0)
    e.ttk.layout(f"{nome}.Tab", [(f"{nome}.aba", {"sticky": "nsew", "children": [
        ("Notebook.label", {"side": "top", "sticky": ""})]})])
    e.ttk.layout(nome, [("Notebook.client", {"sticky": "nsew"})])
    fundo = cor(plano)
    e.ttk.configure(nome, background=fundo, borderwidth=0, tabmargins=(px(8), px(4), 0, 0), padding=0,
                    bordercolor=fundo, lightcolor=fundo, darkcolor=fundo)
    e.ttk.configure(f"{nome}.Tab", background=fundo, foreground=cor("apagado"),
                    font=e.tema.fonte("forte"), borderwidth=0)
    e.ttk.map(f"{nome}.Tab", foreground=[("selected", cor("destaque_texto"))], background=[], expand=[],
              padding=[])


def _montar_tabela(fonte: str, folga: float) -> Montar:
    def montar(e: Estilos, nome: str, plano: str) -> None:
        cor, px = e.tema.cor, e.tema.px
        e.ttk.layout(nome, [("Treeview.treearea", {"sticky": "nsew"})])
        # O texto começa onde começa o título da coluna: sem lugar para o sinal de abrir ramos, que não há.
        e.ttk.layout(f"{nome}.Item", [("Treeitem.padding", {"sticky": "nsew", "children": [
            ("Treeitem.image", {"side": "left", "sticky": ""}), ("Treeitem.text", {"sticky": "nsew"})]})])
        e.ttk.configure(f"{nome}.Item", padding=(px(_RECUO_NA_TABELA), 0))
        e.ttk.configure(f"{nome}.Cell", padding=(max(0, px(_RECUO_NA_TABELA) - _RECUO_DO_TK_PX), 0))
        e.ttk.configure(
            nome, background=cor(plano), fieldbackground=cor(plano), foreground=cor("texto"), borderwidth=0,
            font=e.tema.fonte(fonte), rowheight=e.tema.fontes.altura_da_linha(fonte) + px(folga), indent=0)
        e.ttk.map(nome, background=[("selected", cor("selecao"))], foreground=[("selected", cor("texto"))])
        e.ttk.configure(
            f"{nome}.Heading", background=cor(plano), foreground=cor("apagado"), relief="flat", borderwidth=0,
            font=e.tema.fonte("secao"), padding=(px(_RECUO_NA_TABELA), px(8)), lightcolor=cor(plano), bordercolor=cor(plano),
            darkcolor=cor("borda"))
        e.ttk.map(f"{nome}.Heading", background=[("active", cor("realce"))])

    return montar


def _montar_rolagem(orientacao: str) -> Montar:
    def montar(e: Estilos, nome: str, plano: str) -> None:
        px = e.tema.px
        e_vertical = orientacao == "Vertical"
        borda = (0, px(6), 0, px(6)) if e_vertical else (px(6), 0, px(6), 0)
        e.ttk.element_create(
            f"{nome}.polegar", "image", e.imagem(Polegar("rolagem", plano, e_vertical)),
            ("disabled", e.imagem(Polegar(None, plano, e_vertical))),
            ("pressed", e.imagem(Polegar("destaque", plano, e_vertical))),
            ("active", e.imagem(Polegar("apagado", plano, e_vertical))), border=borda, sticky="nsew", width=px(10), height=px(10))
        e.ttk.layout(nome, [(f"{orientacao}.Scrollbar.trough", {"sticky": "nsew", "children": [
            (f"{nome}.polegar", {"expand": "1", "sticky": "nsew"})]})])
        fundo = e.tema.cor(plano)
        e.ttk.configure(nome, troughcolor=fundo, background=fundo, bordercolor=fundo, lightcolor=fundo,
                        darkcolor=fundo, borderwidth=0, relief="flat", troughborderwidth=0)

    return montar


_PILULAS = {
    "ok": ("ok_suave", "ok"), "aviso": ("aviso_suave", "aviso"), "erro": ("erro_suave", "erro"),
    "destaque": ("destaque_suave", "destaque_texto"), "privado": ("privado_suave", "privado"),
    "neutra": ("lateral", "apagado"), "cheia": ("destaque", "sobre_destaque"),
    "urgente": ("erro", "superficie"),
}
_FAIXAS = {"info": "destaque_suave", "aviso": "aviso_suave", "erro": "erro_suave", "ok": "ok_suave"}

RECEITAS: dict[str, Receita] = {
    "painel": Receita("TFrame", _montar_painel),
    "cartao": Receita("TFrame", _montar_fundo(RAIO_CARTAO, "superficie", "borda")),
    "recuo": Receita("TFrame", _montar_fundo(10, "lateral")),
    "dica": Receita("TFrame", _montar_fundo(6, "dica_fundo")),
    "campo": Receita("TEntry", _montar_campo),
    "entrada_nua": Receita("TEntry", _montar_entrada_nua),
    "moldura": Receita("TFrame", _montar_moldura("superficie", "borda_campo")),
    "moldura_busca": Receita("TFrame", _montar_moldura("lateral", None)),
    "filtro": Receita("TCheckbutton", _montar_filtro),
    "interruptor": Receita("TCheckbutton", _montar_interruptor),
    "linha": Receita("TRadiobutton", _montar_linha_lateral),
    "linha.nao_lida": Receita("TRadiobutton", _montar_linha_nao_lida),
    "abas": Receita("TNotebook", _montar_abas),
    "tabela": Receita("Treeview", _montar_tabela("corpo", 16)),
    "tabela.mono": Receita("Treeview", _montar_tabela("mono", 9)),
    "rolagem": Receita("Vertical.TScrollbar", _montar_rolagem("Vertical")),
    "rolagem.horizontal": Receita("Horizontal.TScrollbar", _montar_rolagem("Horizontal")),
    **{f"botao.{n}": Receita("TButton", _montar_botao(b)) for n, b in _BOTOES.items()},
    **{f"pilula.{n}": Receita("TLabel", _montar_pilula(*c)) for n, c in _PILULAS.items()},
    **{f"faixa.{n}": Receita("TFrame", _montar_fundo(8, c)) for n, c in _FAIXAS.items()},
}
"""Nome da receita → como montar o estilo."""

COR_DO_BOTAO = {nome: botao.texto for nome, botao in _BOTOES.items()}
"""Tipo de botão → cor do texto e do ícone."""

