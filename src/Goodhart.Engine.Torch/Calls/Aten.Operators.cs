namespace Goodhart.Engine.Torch.Calls;

/// <content>Operators by name, in the words of PyTorch.</content>
internal sealed unsafe partial class Aten
{
    public TorchTensor Mul(TorchTensor a, TorchTensor b) => Call("aten::mul"u8, "Tensor"u8, a, b);

    public void MulOut(TorchTensor y, TorchTensor a, TorchTensor b) => Call("aten::mul"u8, "out"u8, a, b, y);

    /// <summary>x *= b.</summary>
    public void MulInPlace(TorchTensor x, TorchTensor b) => Call("aten::mul_"u8, "Tensor"u8, x, b);

    /// <summary>y += factor·a·b in one pass; shapes broadcast.</summary>
    public void AddProduct(TorchTensor y, TorchTensor a, TorchTensor b, double factor = 1) =>
        Do("aten::_foreach_addcmul_"u8, "Tensor"u8, List(y), List(a), List(b), HostNumber(factor));

    /// <summary>y += factor·a/b in one pass.</summary>
    public void AddQuotient(TorchTensor y, TorchTensor a, TorchTensor b, double factor) =>
        Do("aten::_foreach_addcdiv_"u8, "Tensor"u8, List(y), List(a), List(b), HostNumber(factor));

    /// <summary>y += x, in place.</summary>
    public void AddInto(TorchTensor y, TorchTensor x) => AddProduct(y, x, Number(imports.F32, 1));

    public TorchTensor Matmul(TorchTensor a, TorchTensor b) => Call("aten::matmul"u8, ""u8, a, b);

    public TorchTensor Mm(TorchTensor a, TorchTensor b) => Call("aten::mm"u8, ""u8, a, b);

    /// <summary>A product whose sums are not rounded to the factors' type; CUDA alone has it.</summary>
    public TorchTensor MmInto(int type, TorchTensor a, TorchTensor b) => Call("aten::mm"u8, "dtype"u8, a, b, (long)type);

    public TorchTensor Transpose(TorchTensor x, int a, int b) => Call("aten::transpose"u8, "int"u8, x, (long)a, (long)b);

    public TorchTensor Select(TorchTensor x, int dim, long at) => Call("aten::select"u8, "int"u8, x, (long)dim, at);

    public TorchTensor Unsqueeze(TorchTensor x, int dim) => Call("aten::unsqueeze"u8, ""u8, x, (long)dim);

    public TorchTensor Narrow(TorchTensor x, int dim, long start, long count) => Call("aten::narrow"u8, ""u8, x, (long)dim, start, count);

    public TorchTensor Reshape(TorchTensor x, params ReadOnlySpan<long> sizes) => Call("aten::reshape"u8, ""u8, x, List(sizes));

    public TorchTensor Expand(TorchTensor x, params ReadOnlySpan<long> sizes) => Call("aten::expand"u8, ""u8, x, List(sizes), false);

    public TorchTensor IndexSelect(TorchTensor x, TorchTensor rows) => Call("aten::index_select"u8, ""u8, x, 0L, rows);

    /// <summary>Added up and given as float32, or as double where x is.</summary>
    public TorchTensor Sum(TorchTensor x, int dim, bool keep) => Call(
        "aten::sum"u8, "dim_IntList"u8, x, Argument.Some(List((long)dim)), keep,
        TypeOf(x) == imports.BF16 ? Argument.Some((long)imports.F32) : Argument.None);

    public TorchTensor Mean(TorchTensor x, int dim) =>
        Call("aten::mean"u8, "dim"u8, x, Argument.Some(List((long)dim)), true, Argument.None);

    public TorchTensor LogSumExp(TorchTensor x, int dim) => Call("aten::logsumexp"u8, ""u8, x, List((long)dim), true);

    /// <summary>Of each row of a matrix, which holds exponentials afterwards: the steps of <see cref="LogSumExp"/> without its
    /// copy.</summary>
    public TorchTensor LogSumExpInPlace(TorchTensor x)
    {
        TorchTensor most = Call("aten::amax"u8, ""u8, x, List(1L), true);
        AddProduct(x, most, Number(imports.F32, 1), -1);
        return Add(Log(Sum(ExpInPlace(x), 1, keep: true)), most);
    }

    public TorchTensor Exp(TorchTensor x) => Call("aten::exp"u8, ""u8, x);

    public TorchTensor ExpInPlace(TorchTensor x) => Call("aten::exp_"u8, ""u8, x);

    public TorchTensor Log(TorchTensor x) => Call("aten::log"u8, ""u8, x);

    public TorchTensor Sqrt(TorchTensor x) => Call("aten::sqrt"u8, ""u8, x);

    /// <summary>The same tensor where it is of this type, and a copy where it is not.</summary>
    public TorchTensor To(TorchTensor x, int type) => TypeOf(x) == type
        ? x
        : Call("aten::to"u8, "dtype"u8, x, (long)type, false, false, Argument.None);

    public TorchTensor Long(TorchTensor x) => To(x, imports.I64);

    public TorchTensor Float(TorchTensor x) => To(x, imports.F32);

    /// <summary>x[rows_i] = values_i; each row once.</summary>
    public void PutRows(TorchTensor x, TorchTensor rows, TorchTensor values) =>
        Call("aten::index_copy_"u8, ""u8, x, 0L, Long(rows), values);

    /// <summary>A number without dimensions, on the device.</summary>
    public TorchTensor Number(int type, double value)
    {
        TorchTensor number = New(type);
        Fill(number, value);
        return number;
    }

    /// <summary>A list of one number in host memory, where operators look for the factors of in-place sums.</summary>
    private TorchTensor HostNumber(double value)
    {
        nint handle;
        long one = 1;
        Check(imports.Empty(1, &one, &one, imports.F64, imports.HostType, 0, &handle), "empty"u8);
        TorchTensor number = Own(handle);
        *(double*)Data(number) = value;
        return number;
    }
}
