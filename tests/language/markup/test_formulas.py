# ruff: noqa: E501 - tables of formulas
r"""Formulas of TeX: what real ones hold stands, what hides in them does not."""

from __future__ import annotations

import pytest

from role_engine.decoder.automaton import automaton, read
from role_engine.guard.stream import StreamGuard
from role_engine.language import check
from role_engine.language.markup.formulas import LONGEST_FORMULA
from tests.language.marking import BALANCED, assert_refused

FORMULAS = [
    r"По теореме Пифагора $a^2 + b^2 = c^2$, откуда $c = \sqrt{a^2 + b^2}$.",
    r"Корни: $x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}$, где $a \neq 0$.",
    r"Сила трения $F_{\text{тр}} = \mu N$, а сила тяжести $F_{тяж} = mg$.",
    r"Средняя скорость $v_{ср} = \frac{s_{общ}}{t_{общ}}$ измеряется в м/с.",
    "Решим уравнение:\n\n\\[\nx^2 - 5x + 6 = 0\n\\]\n\nКорни равны 2 и 3.",
    "Запишем:\n\\[ \\int_{0}^{\\infty} e^{-x^2} \\, dx = \\frac{\\sqrt{\\pi}}{2} \\]\nэто интеграл Гаусса.",
    "Матрица:\n\n$$\nA = \\begin{pmatrix}\n1 & 2 & 3 \\\\\n4 & 5 & 6 \\\\\n7 & 8 & 9\n\\end{pmatrix}\n$$\n\nвырождена.",
    "Определитель:\n\\[\n\\det A = \\begin{vmatrix} a_{11} & a_{12} \\\\ a_{21} & a_{22} \\end{vmatrix} = a_{11} a_{22} - a_{12} a_{21}\n\\]\n",
    "Функция:\n$$\nf(x) = \\begin{cases}\nx^2, & \\text{если } x \\ge 0, \\\\\n-x, & \\text{если } x < 0.\n\\end{cases}\n$$\n",
    "Функция:\n\\[\n\\operatorname{sgn}(x) = \\begin{cases} 1 & \\text{if } x > 0 \\\\ 0 & \\text{if } x = 0 \\\\ -1 & \\text{otherwise} \\end{cases}\n\\]\n",
    "Точность и полнота:\n\n$$\n\\text{Precision} = \\frac{TP}{TP + FP}, \\quad \\text{Recall} = \\frac{TP}{TP + FN}\n$$\n",
    "Метрика:\n\\[\n\\text{Accuracy} = \\frac{\\text{TP} + \\text{TN}}{\\text{TP} + \\text{TN} + \\text{FP} + \\text{FN}}\n\\]\nпоказывает долю верных ответов.",
    "Внимание:\n\n$$\\mathrm{Attention}(Q, K, V) = \\mathrm{softmax}\\left(\\frac{QK^{\\top}}{\\sqrt{d_k}}\\right) V$$\n",
    "Функция потерь $\\mathcal{L}_{\\text{CE}} = -\\sum_{i=1}^{N} y_i \\log \\hat{y}_i$ минимизируется.",
    "Вывод:\n\\begin{align}\n(a + b)^2 &= (a + b)(a + b) \\\\\n&= a^2 + ab + ba + b^2 \\\\\n&= a^2 + 2ab + b^2\n\\end{align}\nчто и требовалось.",
    "Вывод:\n\n\\[\n\\begin{aligned}\n\\int x e^{x} \\, dx &= x e^{x} - \\int e^{x} \\, dx \\\\\n&= x e^{x} - e^{x} + C \\\\\n&= e^{x}(x - 1) + C, \\quad C = \\text{const}\n\\end{aligned}\n\\]\n",
    r"Предел \(\lim_{n \to \infty} \left(1 + \frac{1}{n}\right)^n = e\) называют вторым замечательным.",
    r"Для \(n \in \mathbb{N}\) верно \(\sum_{k=1}^{n} k = \frac{n(n+1)}{2}\).",
    r"Угол \(\alpha\beta\gamma\) и приращение $ΔφΔt$, а также $λμν$.",
    r"Энергия $E_{\text{кин}} = \frac{m v^2}{2}$ и $E_{\text{пот}} = m g h$.",
    "Система:\n$$\n\\left\\{\n\\begin{array}{l}\n2x + 3y = 7, \\\\\nx - y = 1\n\\end{array}\n\\right.\n$$\nимеет одно решение.",
    "Уравнения Максвелла:\n\\[\n\\begin{aligned}\n\\nabla \\cdot \\mathbf{E} &= \\frac{\\rho}{\\varepsilon_0}, \\\\\n\\nabla \\cdot \\mathbf{B} &= 0, \\\\\n\\nabla \\times \\mathbf{E} &= -\\frac{\\partial \\mathbf{B}}{\\partial t}, \\\\\n\\nabla \\times \\mathbf{B} &= \\mu_0 \\mathbf{J} + \\mu_0 \\varepsilon_0 \\frac{\\partial \\mathbf{E}}{\\partial t}\n\\end{aligned}\n\\]\n",
    "Уравнение Шрёдингера: $i\\hbar \\frac{\\partial}{\\partial t} \\Psi(\\mathbf{r}, t) = \\hat{H} \\Psi(\\mathbf{r}, t)$.",
    "Нормальное распределение:\n\n$$p(x) = \\frac{1}{\\sigma\\sqrt{2\\pi}} \\exp\\left(-\\frac{(x - \\mu)^2}{2\\sigma^2}\\right)$$\n",
    "Теорема Байеса: $P(A \\mid B) = \\frac{P(B \\mid A) \\, P(A)}{P(B)}$, где $P(B) > 0$.",
    "Реакция $\\mathrm{2H_2 + O_2 \\rightarrow 2H_2O}$ и \\(\\ce{CH4 + 2O2 -> CO2 + 2H2O}\\) идут с выделением тепла.",
    r"Число сочетаний $\binom{n}{k} = \frac{n!}{k!(n-k)!}$, а $C_n^k$ — его обозначение.",
    r"Ранг $\operatorname{rank}(A) = 2$, ядро $\ker A$, след $\operatorname{tr}(A) = \lambda_1 + \lambda_2$.",
    r"Минимум: $\theta^* = \arg\min_{\theta} \mathbb{E}_{(x,y) \sim \mathcal{D}} \left[ \ell(f_{\theta}(x), y) \right]$.",
    "Обновление Adam:\n\\[\n\\theta_{t+1} = \\theta_t - \\frac{\\eta}{\\sqrt{\\hat{v}_t} + \\epsilon} \\hat{m}_t, \\qquad \\hat{m}_t = \\frac{m_t}{1 - \\beta_1^t}\n\\]\n",
    "По формуле\n$$\nS = \\pi r^2 \\approx 3{,}14 \\cdot 5^2 = 78{,}5 \\text{ см}^2\n$$\nплощадь равна 78,5 см².",
    "Скорость:\n\\[ v = \\frac{120 \\text{ км}}{2 \\text{ ч}} = 60 \\text{ км/ч} \\]\n",
    "Поток:\n\\[\n\\text{Чистая прибыль} = \\text{Выручка} - \\text{Себестоимость} - \\text{Налоги}\n\\]\n",
    "Окупаемость:\n\\[\n\\text{ROI} = \\frac{\\text{Прибыль} - \\text{Затраты}}{\\text{Затраты}} \\times 100\\%\n\\]\n",
    "Ряд Тейлора: $$f(x) = \\sum_{n=0}^{\\infty} \\frac{f^{(n)}(a)}{n!} (x - a)^n$$",
    "Множество $\\{x \\in \\mathbb{R} \\mid x^2 < 2\\}$ открыто; $\\forall \\varepsilon > 0 \\; \\exists \\delta > 0$.",
    "Сложность $O(n \\log n)$, в худшем случае $\\mathcal{O}(n^2)$, память $\\Theta(1)$.",
    "Пусть $f: X \\to Y$ и $g: Y \\to Z$; тогда $(g \\circ f)(x) = g(f(x))$ для всех $x \\in X$.",
    "Итог: \\(\\boxed{x = 42}\\), а также\n\\[\n\\boxed{\\text{Ответ: } 42}\n\\]\n",
    "Закон Кулона:\n\\begin{equation}\nF = k \\frac{|q_1 q_2|}{r^2}, \\quad k = \\frac{1}{4 \\pi \\varepsilon_0} \\approx 9 \\cdot 10^9 \\ \\frac{\\text{Н} \\cdot \\text{м}^2}{\\text{Кл}^2}\n\\label{eq:coulomb}\n\\end{equation}\n",
    "Среднеквадратичная ошибка: $\\text{MSE} = \\frac{1}{n}\\sum_{i=1}^{n}(y_i - \\hat{y}_i)^2$, $R^2 = 1 - \\frac{SS_{res}}{SS_{tot}}$.",
    "Скаляр ($\\vec{a} \\cdot \\vec{b} = |\\vec{a}||\\vec{b}| \\cos \\varphi$) и «\\(\\sin^2 x + \\cos^2 x = 1\\)».",
    "- $\\text{pH} = -\\lg[\\mathrm{H^+}]$\n- $K_w = [\\mathrm{H^+}][\\mathrm{OH^-}] = 10^{-14}$\n",
    "| $x$ | $f(x)$ |\n| --- | --- |\n| $0$ | $\\ln 2 \\approx 0{,}693$ |\n",
]

FOUL = [
    ("cjk", "Стоит $5⟦建立⟧$ сегодня"),
    ("cjk", r"\(⟦建立⟧\)"),
    ("cjk", "\\[\n⟦你好，这是一个完整的中文回答。⟧\n⟦第二行也是中文⟧\n\\]"),
    ("cjk", "\\begin{align}\n⟦你好⟧ &= 1\n\\end{align}"),
    ("script", r"$$ \text{⟦مرحبا⟧} = x $$"),
    ("cyrillic", "$⟦ї⟧ = 1$"),
    ("mixed", r"$\text{⟦рyчка⟧}$"),
    ("garbage", "Знак $a⟦\ufffd⟧b$ вот"),
    ("garbage", "Знак $a⟦\ud800⟧b$ вот"),
    ("garbage", "Знак $a⟦\x00⟧b$ вот"),
    ("garbage", "$x⟦\u200b⟧y$"),
    ("garbage", "Скобки \\[⟦@@@@@@@@@@@@@@⟧\\] вот."),
    ("latin", "$$⟦Healthy eating is what you need every day⟧$$"),
    (
        "latin",
        "\\begin{align}\n\\text{⟦Healthy eating is what you need⟧} &= \\text{⟦every day of your life and so on⟧}\n\\end{align}",
    ),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stands(text: str) -> None:
    assert_refused(text, BALANCED)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_mask_lets_it_be_written(text: str) -> None:
    assert read(automaton(BALANCED), text) is not None


@pytest.mark.parametrize(("kind", "marked"), FOUL)
def test_what_is_no_formula_is_refused_between_its_signs(kind: str, marked: str) -> None:
    if kind == "garbage" and "@" in marked:
        assert not check(marked.replace("⟦", "").replace("⟧", ""), BALANCED).ok
    else:
        assert_refused(marked, BALANCED, kind)


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("size", [1, 7])
def test_the_pieces_do_not_matter(text: str, size: int) -> None:
    guard = StreamGuard(BALANCED)
    out = "".join(guard.feed(text[at : at + size]) for at in range(0, len(text), size)) + guard.finish()
    assert out == text


def test_a_formula_is_no_longer_than_formulas_are() -> None:
    row = "\\text{λόγος} + \\text{λόγος} = \\text{λόγος} + 1 \\\\\n"
    long = f"Вот:\n\\[\n{row * 40}\\]\n"
    assert check(f"Вот:\n\\[\n{row * 10}\\]\n", BALANCED).ok
    assert check(long, BALANCED).violations[0].start > LONGEST_FORMULA / 2


def test_prices_are_no_formula() -> None:
    assert_refused("Стоит $5, а ⟦shipping⟧ ещё $10 ⟦per order⟧.", BALANCED)
    assert_refused("Было $1 ⟦invested in stocks would be⟧ $2.", BALANCED)


def test_an_empty_line_ends_a_formula_that_nothing_closes() -> None:
    assert_refused("\\[ x^2 = \\text{value}\n\nЭто ⟦healthy⟧ еда.", BALANCED)
