using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Products of stored numbers: what is multiplied in bfloat16, and what in float32.</content>
internal sealed partial class TorchOps
{
    /// <summary>y = a b, or y += a b.</summary>
    /// <remarks>
    /// Factors of one type are multiplied as they are, factors of different types as float32: those are small (scores, an adapter's scale).
    /// </remarks>
    private void Product(TorchTensor y, TorchTensor a, TorchTensor b, bool accumulate)
    {
        using Aten.Scope own = aten.Open();
        (int typeA, int typeB, int typeY) = (aten.TypeOf(a), aten.TypeOf(b), aten.TypeOf(y));
        if (typeA == typeB && typeA == typeY && Multiplies(typeA))
        {
            if (accumulate)
            {
                aten.AddMm(y, y, a, b);
            }
            else
            {
                aten.Mm(y, a, b);
            }
        }
        else
        {
            Put(y, FloatProduct(a, b), accumulate);
        }
    }

    /// <summary>Whether numbers of a type are multiplied as they are: a processor without instructions for bfloat16 is an order of
    /// magnitude slower with it than with float32.</summary>
    private bool Multiplies(int type) => type == aten.Imports.F32 || !widens;

    /// <summary>a b as float32, new. Sums are float32 whatever the factors are, and so is the result.</summary>
    private TorchTensor FloatProduct(TorchTensor a, TorchTensor b)
    {
        bool stored = aten.TypeOf(a) == aten.Imports.BF16 && aten.TypeOf(b) == aten.Imports.BF16;
        if (stored && !aten.IsHost)
        {
            return aten.MmInto(aten.Imports.F32, a, b);
        }

        if (stored && Multiplies(aten.Imports.BF16))
        {
            TorchTensor product = aten.New(aten.Imports.F32, aten.Size(a, 0), aten.Size(b, 1));
            if (aten.TryMixedProduct(product, a, b, accumulate: false))
            {
                return product;
            }
        }

        return aten.Mm(aten.Float(a), aten.Float(b));
    }

    /// <summary>y += a b for a weight's gradient: y is float32. Where the library has no product of bfloat16 that sums into float32, it is
    /// rounded once before it is added.</summary>
    private void AddWeightProduct(TorchTensor y, TorchTensor a, TorchTensor b)
    {
        using Aten.Scope own = aten.Open();
        bool stored = aten.TypeOf(a) == aten.Imports.BF16 && aten.TypeOf(b) == aten.Imports.BF16;
        if (stored && aten.IsHost && Multiplies(aten.Imports.BF16))
        {
            if (!aten.TryMixedProduct(y, a, b, accumulate: true))
            {
                aten.AddInto(y, aten.Mm(a, b));
            }
        }
        else
        {
            Product(y, a, b, accumulate: true);
        }
    }
}
