using Goodhart.Engine.Torch.Attention;
using Goodhart.Engine.Torch.Calls;
using Goodhart.Engine.Torch.Memory;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Attention over a forest, part by part.</content>
internal sealed partial class TorchOps
{
    public void Attention(IPlan plan, Queries queries, AttentionInputs inputs, Mat y, Mat logSumExp)
    {
        inputs.Require(plan, queries, y, logSumExp, nameof(Attention));
        if (y.IsEmpty)
        {
            return;
        }

        foreach (AttentionPart part in Parts(plan, queries, inputs).All)
        {
            using Aten.Scope scope = aten.Open();
            (TorchTensor output, TorchTensor lse) = attention.Forward(
                Batch(inputs.Queries, part, part.Queries), KeyBatch(inputs.Keys, part, inputs.Group),
                KeyBatch(inputs.Values, part, inputs.Group), Mask(part));
            Give(Heads.Across(y, inputs.Queries.Count), part, part.Outputs, output, adds: false);
            Give(Heads.Across(logSumExp, inputs.Queries.Count), part, part.Outputs, aten.Unsqueeze(lse, 3), adds: false);
        }
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
        ForestParts? parts = y.IsEmpty ? null : Parts(plan, queries, inputs);
        ZeroUnwritten(parts, inputs.Queries.Rows > y.Rows, gradients);
        foreach (AttentionPart part in parts?.All ?? [])
        {
            using Aten.Scope scope = aten.Open();
            TorchTensor lse = aten.Select(Batch(Heads.Across(logSumExp, inputs.Queries.Count), part, part.Outputs), 3, 0);
            (TorchTensor dq, TorchTensor dk, TorchTensor dv) = attention.Backward(
                Batch(inputs.Queries, part, part.Queries),
                KeyBatch(inputs.Keys, part, inputs.Group),
                KeyBatch(inputs.Values, part, inputs.Group),
                Mask(part),
                Batch(Heads.Across(y, inputs.Queries.Count), part, part.Outputs),
                part.Padding.IsEmpty ? lse : aten.Add(lse, Padding(part)),
                Batch(Heads.Across(dy, inputs.Queries.Count), part, part.Outputs));
            Give(gradients.Queries, part, part.Queries, dq, adds: false);
            Give(gradients.Keys, part, part.Keys, Shared(dk, inputs), part.Adds);
            Give(gradients.Values, part, part.Keys, Shared(dv, inputs), part.Adds);
        }
    }

    private static void RequireLike(Heads value, Heads gradient, string operation) => ShapeException.Require(
        gradient.Rows == value.Rows && gradient.Count == value.Count && gradient.Dim == value.Dim && gradient.Mat.Type == value.Mat.Type,
        operation,
        FormattableString.Invariant($"{value.Rows} rows, {value.Count} heads of {value.Dim} columns, {value.Mat.Type}"),
        gradient.Mat);

    private static ForestParts Parts(IPlan plan, Queries queries, AttentionInputs inputs) =>
        ((TorchPlan)plan).Parts(queries, inputs.Window, alone: inputs.Queries.Rows < plan.Source.Rows);

    /// <summary>Zero where no part gives a gradient: rows that do not ask, and keys that nobody asks.</summary>
    /// <param name="parts">Null: none at all.</param>
    private void ZeroUnwritten(ForestParts? parts, bool leavesQueries, AttentionInputs gradients)
    {
        using Aten.Scope scope = aten.Open();
        if (parts is null || leavesQueries)
        {
            aten.Zero(memory.View(gradients.Queries));
        }

        if (parts is null or { LeavesKeys: true })
        {
            aten.Zero(memory.View(gradients.Keys));
            aten.Zero(memory.View(gradients.Values));
        }
    }

    /// <summary>[trees, heads, rows, dim]: a view where the rows stand side by side.</summary>
    private TorchTensor Batch(Heads heads, AttentionPart part, PartRows rows)
    {
        if (rows.First >= 0)
        {
            return Window(heads, part, rows);
        }

        TorchTensor picked = aten.IndexSelect(memory.View(heads), Vector(rows.Rows));
        return aten.Transpose(aten.Reshape(picked, part.Trees, rows.Length, heads.Count, heads.Dim), 1, 2);
    }

    private TorchTensor Window(Heads heads, AttentionPart part, PartRows rows)
    {
        long ld = heads.Mat.Ld;
        return memory.View(
            heads.Mat, [part.Trees, heads.Count, rows.Length, heads.Dim], [rows.Length * ld, heads.Stride, ld, 1],
            heads.First + (rows.First * ld));
    }

    /// <summary>A key-value head stands once for each query head that reads it.</summary>
    private TorchTensor KeyBatch(Heads heads, AttentionPart part, int group)
    {
        TorchTensor batch = Batch(heads, part, part.Keys);
        if (group == 1)
        {
            return batch;
        }

        TorchTensor each = aten.Expand(aten.Unsqueeze(batch, 2), part.Trees, heads.Count, group, part.Keys.Length, heads.Dim);
        return aten.Reshape(each, part.Trees, (long)heads.Count * group, part.Keys.Length, heads.Dim);
    }

    /// <summary>The other way: puts a batch's rows, without padding, where they belong, or adds them.</summary>
    private void Give(Heads heads, AttentionPart part, PartRows rows, TorchTensor batch, bool adds)
    {
        if (rows.First >= 0)
        {
            Put(Window(heads, part, rows), batch, adds);
            return;
        }

        TorchTensor to = memory.View(heads);
        TorchTensor flat = aten.Reshape(aten.Transpose(batch, 1, 2), (long)part.Trees * rows.Length, heads.Count, heads.Dim);
        TorchTensor own = aten.To(aten.IndexSelect(flat, Vector(rows.Places)), aten.TypeOf(to));
        if (adds)
        {
            aten.AddRows(to, Vector(rows.Targets), own);
        }
        else
        {
            aten.PutRows(to, Vector(rows.Targets), own);
        }
    }

    /// <summary>A key-value head's gradient: the sum over the query heads that read it.</summary>
    private TorchTensor Shared(TorchTensor gradient, AttentionInputs inputs) => inputs.Group == 1
        ? gradient
        : aten.Sum(aten.Call("aten::unflatten"u8, "int"u8, gradient, 1L, aten.List((long)inputs.Keys.Count, inputs.Group)), 2, keep: false);

    private TorchTensor Padding(AttentionPart part) =>
        memory.View(part.Padding, [part.Trees, 1, part.Outputs.Length], [part.Outputs.Length, 0, 1]);

    private AttentionMask Mask(AttentionPart part)
    {
        long each = (long)part.Outputs.Length * part.Keys.Length;
        return part.IsCausal
            ? new AttentionMask(null)
            : new AttentionMask(memory.View(
                part.Mask, [part.Trees, 1, part.Outputs.Length, part.Keys.Length], [each, each, part.Keys.Length, 1]));
    }
}
