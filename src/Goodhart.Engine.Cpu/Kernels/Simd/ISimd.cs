namespace Goodhart.Engine.Cpu;

/// <summary>
/// A vector of <see cref="Width"/> floats <typeparamref name="TV"/> and its instructions. Kernels are written once over this; the
/// compiler makes one specialised copy per implementation, as if written by hand.
/// </summary>
internal unsafe interface ISimd<TV>
    where TV : struct
{
    /// <summary>Floats in a vector: divides <see cref="SimdBlock.Lanes"/>.</summary>
    static abstract int Width { get; }

    static abstract TV Broadcast(float value);

    static abstract TV Load(float* source);

    static abstract void Store(float* target, TV value);

    /// <summary>The first <paramref name="count"/> (0 .. Width) floats, then zeros; reads nothing beyond them.</summary>
    static abstract TV LoadPart(float* source, int count);

    /// <summary>Writes the first <paramref name="count"/> (0 .. Width) floats and nothing beyond them.</summary>
    static abstract void StorePart(float* target, TV value, int count);

    static abstract TV Add(TV a, TV b);

    static abstract TV Sub(TV a, TV b);

    static abstract TV Mul(TV a, TV b);

    static abstract TV Div(TV a, TV b);

    /// <summary>a·b + c, with one rounding where the instruction exists.</summary>
    static abstract TV Fma(TV a, TV b, TV c);

    /// <summary>c − a·b.</summary>
    static abstract TV Fnma(TV a, TV b, TV c);

    /// <summary>The larger; <paramref name="b"/> if either is NaN.</summary>
    static abstract TV Max(TV a, TV b);

    /// <summary>The smaller; <paramref name="b"/> if either is NaN.</summary>
    static abstract TV Min(TV a, TV b);

    static abstract TV Abs(TV a);

    /// <summary>Per lane: a &lt; b ? yes : no.</summary>
    static abstract TV IfLess(TV a, TV b, TV yes, TV no);

    /// <summary>The first <paramref name="count"/> (any number) lanes of a, then lanes of <paramref name="rest"/>.</summary>
    static abstract TV FirstOr(TV a, int count, TV rest);

    /// <summary>The float whose bits are (bits of a + <paramref name="addend"/>) &lt;&lt; 23: builds powers of two.</summary>
    static abstract TV ToExponent(TV a, int addend);

    /// <summary>x = mantissa · 2^exponent with mantissa in [√½, √2); x positive and normal.</summary>
    static abstract TV SplitExponent(TV x, out TV mantissa);

    /// <summary>Per lane: 1 − u of a random word's open unit u, exactly.</summary>
    /// <param name="words">Random words; only the upper 23 bits of each count.</param>
    static abstract TV RestOfUnit(uint* words);

    /// <summary>Whether a &lt; b in every lane: false where either is NaN.</summary>
    static abstract bool AllLess(TV a, TV b);

    /// <summary>target[j, i] = scale · source[rows[i] + j], j = 0 .. 3, i = 0 .. Width − 1: four columns of Width rows, turned.</summary>
    /// <param name="rows">Offsets of the rows from <paramref name="source"/>, in floats.</param>
    static abstract void TurnFour(float* source, nint* rows, TV scale, float* target, nint ldTarget);

    /// <summary>Brings the cache line of an address near; the address need not be valid.</summary>
    static abstract void Fetch(float* address);

    /// <summary>Sum of the lanes, halving the vector each time.</summary>
    static abstract float SumLanes(TV a);

    static abstract float MaxLane(TV a);
}

/// <summary>The unit in which scratch rows are padded and row sums are arranged, the same for every instruction set.</summary>
internal static class SimdBlock
{
    public const int Lanes = 16;

    /// <summary>count rounded up to whole blocks.</summary>
    public static int Pad(int count) => (count + Lanes - 1) & -Lanes;
}
