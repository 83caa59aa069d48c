using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>What acts on each element alone.</content>
internal sealed partial class TorchOps
{
    public void Gelu(Mat x, GeluForm form, Mat y)
    {
        RequireSame(x, y, nameof(Gelu));
        using Aten.Scope scope = aten.Open();
        aten.Call("aten::gelu"u8, "out"u8, View(x), Approximate(form), View(y));
    }

    public void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx)
    {
        RequireSame(x, dy, nameof(GeluGrad));
        RequireSame(x, dx, nameof(GeluGrad));
        using Aten.Scope scope = aten.Open();
        aten.Call("aten::gelu_backward"u8, "grad_input"u8, View(dy), View(x), Approximate(form), View(dx));
    }

    public void Tanh(Mat x, Mat y)
    {
        RequireSame(x, y, nameof(Tanh));
        using Aten.Scope scope = aten.Open();
        aten.Call("aten::tanh"u8, "out"u8, View(x), View(y));
    }

    public void TanhGrad(Mat y, Mat dy, Mat dx)
    {
        RequireSame(y, dy, nameof(TanhGrad));
        RequireSame(y, dx, nameof(TanhGrad));
        using Aten.Scope scope = aten.Open();
        aten.Call("aten::tanh_backward"u8, "grad_input"u8, View(dy), View(y), View(dx));
    }

    public void SwiGlu(Mat gate, Mat up, Mat y)
    {
        RequireSame(gate, up, nameof(SwiGlu));
        RequireSame(gate, y, nameof(SwiGlu));
        using Aten.Scope scope = aten.Open();
        aten.MulOut(View(y), aten.Call("aten::silu"u8, ""u8, View(gate)), View(up));
    }

    public void SwiGluGrad(Mat gate, Mat up, Mat dy, Mat dGate, Mat dUp)
    {
        foreach (Mat mat in (ReadOnlySpan<Mat>)[up, dy, dGate, dUp])
        {
            RequireSame(gate, mat, nameof(SwiGluGrad));
        }

        // dy may be either result: what is computed from it comes first.
        using Aten.Scope scope = aten.Open();
        TorchTensor slope = aten.Mul(View(dy), View(up));
        aten.MulOut(View(dUp), View(dy), aten.Call("aten::silu"u8, ""u8, View(gate)));
        aten.Call("aten::silu_backward"u8, "grad_input"u8, slope, View(gate), View(dGate));
    }

    public void AddTo(Mat x, Mat y)
    {
        RequireSame(x, y, nameof(AddTo));
        using Aten.Scope scope = aten.Open();
        aten.AddInto(View(y), View(x));
    }

    public void Zero(Mat x)
    {
        using Aten.Scope scope = aten.Open();
        aten.Zero(View(x));
        memory.Changed(x);
    }

    public void Copy(Mat x, Mat y)
    {
        RequireSame(x with { Type = y.Type }, y, nameof(Copy));
        using Aten.Scope scope = aten.Open();
        aten.Copy(View(y), View(x));
        memory.Changed(y);
    }

    private Argument Approximate(GeluForm form) => aten.Text(form == GeluForm.Erf ? "none"u8 : "tanh"u8);
}
