"""Menus: o de contexto, por botão direito, tecla Menu ou Shift+F10, e o que desce de um botão."""

from __future__ import annotations

import tkinter as tk
from typing import Any, Callable, NamedTuple, Sequence

from interface.imagens import icone as _icone
from interface.tema import tema_de


class ItemDeMenu(NamedTuple):
    """Uma linha do menu. Sem `texto`, é um separador; `marcado` mostra uma marca de escolha."""

    texto: str = ""
    comando: Callable[[], object] | None = None
    icone: str | None = None
    atalho: str = ""
    esta_habilitado: bool = True
    e_perigo: bool = False
    marcado: bool | None = None


SEPARADOR = ItemDeMenu()


def abrir_menu(dono: tk.Misc, itens: Sequence[ItemDeMenu], x: int, y: int) -> tk.Menu:
    """Abre um menu no ponto da tela dado e o destrói ao fechar. Devolve o menu."""
    return _abrir(montar_menu(dono, itens), x, y)


def _abrir(menu: tk.Menu, x: int, y: int) -> tk.Menu:
    # Destruir dentro do próprio <Unmap> impediria o comando escolhido de rodar.
    menu.bind("<Unmap>", lambda _e: menu.after(200, menu.destroy))
    try:
        menu.tk_popup(x, y)
    finally:
        menu.grab_release()
    return menu


def abrir_menu_sob(botao: tk.Misc, itens: Sequence[ItemDeMenu]) -> tk.Menu:
    """Abre um menu logo abaixo de um botão."""
    return abrir_menu(botao, itens, botao.winfo_rootx(), botao.winfo_rooty() + botao.winfo_height())


def abrir_menu_acima(botao: tk.Misc, itens: Sequence[ItemDeMenu]) -> tk.Menu:
    """Abre um menu logo acima de um botão do pé da janela, sem passar do lado direito dela."""
    menu = montar_menu(botao, itens)
    menu.update_idletasks()  # só então ele sabe o seu tamanho
    janela = botao.winfo_toplevel()
    direita = janela.winfo_rootx() + janela.winfo_width() - menu.winfo_reqwidth()
    return _abrir(menu, max(0, min(botao.winfo_rootx(), direita)), max(0, botao.winfo_rooty() - menu.winfo_reqheight()))


def montar_menu(dono: tk.Misc, itens: Sequence[ItemDeMenu]) -> tk.Menu:
    """Um menu com as cores do tema, ainda por abrir."""
    tema = tema_de(dono)
    menu = tk.Menu(dono, tearoff=False, bd=2, relief="groove")
    tema.vestir(menu, bg="superficie", fg="texto", activebackground="destaque_suave", activeborderwidth=0,
                activeforeground="destaque_texto", disabledforeground="desativado_texto", selectcolor="destaque",
                font="corpo")
    imagens = []
    for item in itens:
        if not item.texto:
            menu.add_separator()
            continue
        opcoes: dict[str, Any] = {"label": "  " + tema.para_tk(item.texto) + "  ", "accelerator": item.atalho,
                                  "state": "normal" if item.esta_habilitado else "disabled"}
        if item.comando is not None:
            opcoes["command"] = item.comando
        if item.icone:
            imagem = tema.imagem(_icone(item.icone, 16, "erro" if item.e_perigo else "apagado"))
            imagens.append(imagem)
            opcoes.update(image=imagem, compound="left")
        if item.e_perigo:
            opcoes["foreground"] = tema.cor("erro")
        _acrescentar(menu, item, opcoes)
    menu.imagens_em_uso = imagens  # type: ignore[attr-defined]
    return menu


def _acrescentar(menu: tk.Menu, item: ItemDeMenu, opcoes: dict[str, Any]) -> None:
    if item.marcado is None:
        menu.add_command(**opcoes)
        return
    variavel = tk.BooleanVar(menu, item.marcado)
    menu.add_checkbutton(variable=variavel, **opcoes)
    marcas = getattr(menu, "marcas_em_uso", [])
    menu.marcas_em_uso = [*marcas, variavel]  # type: ignore[attr-defined]


def ligar_menu(widget: tk.Misc, ao_pedir: Callable[[int, int, bool], object]) -> None:
    """Chama `ao_pedir(x, y, pelo_teclado)` quando se pede o menu de contexto, em qualquer sistema.

    x e y são da tela; pelo teclado, são o meio do widget.
    """
    def pelo_mouse(evento: tk.Event[Any]) -> str:
        widget.focus_set()
        ao_pedir(evento.x_root, evento.y_root, False)
        return "break"

    def pelo_teclado(_evento: tk.Event[Any]) -> str:
        ao_pedir(widget.winfo_rootx() + widget.winfo_width() // 2,
                 widget.winfo_rooty() + widget.winfo_height() // 2, True)
        return "break"

    em_mac = widget.tk.call("tk", "windowingsystem") == "aqua"
    for sequencia in ("<Button-2>", "<Control-Button-1>") if em_mac else ("<Button-3>",):
        widget.bind(sequencia, pelo_mouse)
    # A tecla Menu tem nomes diferentes no X11 e no Windows.
    for sequencia in ("<Shift-F10>", "<Menu>", "<App>"):
        try:
            widget.bind(sequencia, pelo_teclado)
        except tk.TclError:
            continue
