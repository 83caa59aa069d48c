using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Memory;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Attention over trees as padded batches: ancestors, causality and window are one additive mask, made with the plan.</content>
internal sealed partial class TorchOps
{
    public void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp)
    {
        inputs.Require(plan, queries, y, logSumExp, nameof(Attention));
        if (y.IsEmpty)
        {
            return;
        }

        PaddedTrees trees = Trees(plan, queries, inputs);
        int heads = inputs.Queries.Count;
        using Aten.Scope scope = aten.Open();
        (TorchTensor q, TorchTensor k, TorchTensor v) = Padded(trees, inputs);
        (TorchTensor output, TorchTensor lse) = fusesAttention
            ? aten.CallTwo(
                "aten::_scaled_dot_product_flash_attention_for_cpu"u8, q, k, v, 0.0, false, Argument.Some(Mask(trees)), Argument.None)
            : PlainForward(trees, inputs, q, k, v);
        TorchTensor back = Vector(trees.Back);
        long rows = (long)trees.Trees * trees.Queries;
        aten.Copy(View(y), aten.IndexSelect(aten.Reshape(aten.Transpose(output, 1, 2), rows, y.Cols), back));
        aten.Copy(View(logSumExp), aten.IndexSelect(aten.Reshape(aten.Transpose(lse, 1, 2), rows, heads), back));
    }

    public void AttentionGrad(
        IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp, Mat dy, AttentionInputs gradients)
    {
        const string Name = nameof(AttentionGrad);
        inputs.Require(plan, queries, y, logSumExp, Name);
        RequireSame(y, dy, Name);
        gradients.Require(Name);
        RequireLike(inputs.Queries, gradients.Queries, Name);
        RequireLike(inputs.Keys, gradients.Keys, Name);
        RequireLike(inputs.Values, gradients.Values, Name);
        using Aten.Scope scope = aten.Open();
        if (y.IsEmpty)
        {
            aten.Zero(memory.View(gradients.Queries));
            aten.Zero(memory.View(gradients.Keys));
            aten.Zero(memory.View(gradients.Values));
            return;
        }

        PaddedTrees trees = Trees(plan, queries, inputs);
        (int heads, int dim) = (inputs.Queries.Count, inputs.Queries.Dim);
        (TorchTensor q, TorchTensor k, TorchTensor v) = Padded(trees, inputs);
        TorchTensor rows = Vector(trees.OutputRows);
        TorchTensor output = ByHead(aten.IndexSelect(View(y), rows), trees, heads, dim);
        TorchTensor up = ByHead(aten.Mul(aten.IndexSelect(View(dy), rows), View(trees.Live)), trees, heads, dim);
        TorchTensor lse = aten.Transpose(
            aten.Reshape(aten.Add(aten.IndexSelect(View(logSumExp), rows), View(trees.Padding)), trees.Trees, trees.Queries, heads), 1, 2);
        (TorchTensor dq, TorchTensor dk, TorchTensor dv) = fusesAttention
            ? aten.CallThree(
                "aten::_scaled_dot_product_flash_attention_for_cpu_backward"u8, up, q, k, v, output, lse, 0.0, false,
                Argument.Some(Mask(trees)), Argument.None)
            : PlainBackward(trees, inputs, q, k, v, output, lse, up);
        TorchTensor keyBack = Vector(trees.KeyBack);
        aten.Copy(memory.View(gradients.Keys), Unpadded(Shared(dk, inputs), keyBack, trees.Keys));
        aten.Copy(memory.View(gradients.Values), Unpadded(Shared(dv, inputs), keyBack, trees.Keys));
        TorchTensor asked = Unpadded(dq, Vector(trees.Back), trees.Queries);
        TorchTensor to = memory.View(gradients.Queries);
        if (inputs.Queries.Rows == y.Rows)
        {
            aten.Copy(to, asked);
        }
        else
        {
            aten.Zero(to);
            aten.AddRows(to, Vector(trees.Asked), asked);
        }

        TorchTensor Unpadded(TorchTensor x, TorchTensor back, int rowsOfTree)
        {
            int count = x == dq ? heads : inputs.Keys.Count;
            return aten.IndexSelect(aten.Reshape(aten.Transpose(x, 1, 2), (long)trees.Trees * rowsOfTree, count, dim), back);
        }
    }

    /// <summary>Whether libtorch's fused attention is used; without it, the same by products and exponentials.</summary>
    private readonly bool fusesAttention = aten.IsHost;

    private static void RequireLike(Heads value, Heads gradient, string operation) => ShapeException.Require(
        gradient.Rows == value.Rows && gradient.Count == value.Count && gradient.Dim == value.Dim,
        operation,
        FormattableString.Invariant($"{value.Rows} rows, {value.Count} heads of {value.Dim} columns"),
        gradient.Mat);

    private static PaddedTrees Trees(IPlan plan, Queries queries, AttentionInputs inputs) =>
        ((TorchPlan)plan).Trees(queries, inputs.Window, alone: inputs.Queries.Rows < plan.Source.Rows);

    /// <summary>exp(q kᵀ/√dim + mask − lse) v, and the log-sum-exp: [trees, heads, queries, dim] and [trees, heads, queries].</summary>
    private (TorchTensor Output, TorchTensor LogSumExp) PlainForward(
        PaddedTrees trees, AttentionInputs inputs, TorchTensor q, TorchTensor k, TorchTensor v)
    {
        TorchTensor scores = Scores(trees, inputs, q, k);
        TorchTensor lse = aten.LogSumExp(scores, 3);
        return (aten.Matmul(aten.ExpInPlace(aten.Add(scores, lse, -1)), v), aten.Select(lse, 3, 0));
    }

    private (TorchTensor Queries, TorchTensor Keys, TorchTensor Values) PlainBackward(
        PaddedTrees trees,
        AttentionInputs inputs,
        TorchTensor q,
        TorchTensor k,
        TorchTensor v,
        TorchTensor output,
        TorchTensor lse,
        TorchTensor up)
    {
        TorchTensor column = aten.Reshape(lse, trees.Trees, inputs.Queries.Count, trees.Queries, 1);
        TorchTensor p = aten.ExpInPlace(aten.Add(Scores(trees, inputs, q, k), column, -1));
        TorchTensor dv = aten.Matmul(aten.Transpose(p, 2, 3), up);
        TorchTensor slope = aten.Add(aten.Matmul(up, aten.Transpose(v, 2, 3)), aten.Sum(aten.Mul(up, output), 3, keep: true), -1);
        TorchTensor ds = aten.Mul(aten.Mul(slope, p), Scale(inputs));
        return (aten.Matmul(ds, k), aten.Matmul(aten.Transpose(ds, 2, 3), q), dv);
    }

    private TorchTensor Scores(PaddedTrees trees, AttentionInputs inputs, TorchTensor q, TorchTensor k) =>
        aten.Add(aten.Matmul(aten.Mul(q, Scale(inputs)), aten.Transpose(k, 2, 3)), Mask(trees));

    private static double Scale(AttentionInputs inputs) => Math.Pow(inputs.Queries.Dim, -0.5);

    /// <summary>[trees, heads, rows, dim]; a key-value head stands once for each query head that reads it.</summary>
    private (TorchTensor Q, TorchTensor K, TorchTensor V) Padded(PaddedTrees trees, AttentionInputs inputs)
    {
        TorchTensor keys = Vector(trees.KeyRows);
        return (
            ByHead(aten.IndexSelect(memory.View(inputs.Queries), Vector(trees.QueryRows)), trees, inputs.Queries.Count, inputs.Queries.Dim),
            Repeated(inputs.Keys),
            Repeated(inputs.Values));

        TorchTensor Repeated(Heads heads)
        {
            TorchTensor rows = aten.IndexSelect(memory.View(heads), keys);
            TorchTensor each = aten.Reshape(rows, trees.Trees, trees.Keys, heads.Count, 1, heads.Dim);
            TorchTensor all = aten.Expand(each, trees.Trees, trees.Keys, heads.Count, inputs.Group, heads.Dim);
            return aten.Transpose(aten.Reshape(all, trees.Trees, trees.Keys, heads.Count * inputs.Group, heads.Dim), 1, 2);
        }
    }

    private TorchTensor ByHead(TorchTensor rows, PaddedTrees trees, int heads, int dim) =>
        aten.Transpose(aten.Reshape(rows, trees.Trees, trees.Queries, heads, dim), 1, 2);

    /// <summary>A key-value head's gradient: the sum over the query heads that read it.</summary>
    private TorchTensor Shared(TorchTensor gradient, AttentionInputs inputs) => inputs.Group == 1
        ? gradient
        : aten.Sum(aten.Call("aten::unflatten"u8, "int"u8, gradient, 1L, aten.List((long)inputs.Keys.Count, inputs.Group)), 2, keep: false);

    private TorchTensor Mask(PaddedTrees trees)
    {
        long each = (long)trees.Queries * trees.Keys;
        return memory.View(trees.Mask, [trees.Trees, 1, trees.Queries, trees.Keys], [each, each, trees.Keys, 1]);
    }
}
