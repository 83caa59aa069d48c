using Goodhart.Engine.Torch.Calls;

namespace Goodhart.Engine.Torch.Ops;

/// <content>Products with weights.</content>
internal sealed partial class TorchOps
{
    public void Linear(Mat x, Mat weight, Mat bias, Mat addend, Mat y)
    {
        const string Name = nameof(Linear);
        ShapeException.Require(x.Cols == weight.Cols, Name, $"x with {weight.Cols} columns", x);
        ShapeException.Require(y.Rows == x.Rows && y.Cols == weight.Rows, Name, $"y [{x.Rows}, {weight.Rows}]", y);
        ShapeException.Require(bias.IsEmpty || bias.Count == weight.Rows, Name, $"a bias of {weight.Rows}", bias);
        ShapeException.Require(addend.IsEmpty || (addend.Rows == y.Rows && addend.Cols == y.Cols), Name, $"an addend {y}", addend);
        if (y.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        TorchTensor to = View(y);
        TorchTensor transposed = memory.Transposed(weight);
        if (x.Type != weight.Type || y.Type != x.Type || (x.Type == DType.BF16 && widens))
        {
            TorchTensor product = FloatProduct(View(x), transposed);
            AddParts(product, bias, addend);
            aten.Copy(to, product);
        }
        else if (!addend.IsEmpty)
        {
            aten.AddMm(to, addend == y ? to : View(addend), View(x), transposed);
            if (!bias.IsEmpty)
            {
                aten.AddInto(to, Vector(bias));
            }
        }
        else if (!bias.IsEmpty)
        {
            aten.AddMm(to, Vector(bias), View(x), transposed);
        }
        else
        {
            aten.Mm(to, View(x), transposed);
        }

        void AddParts(TorchTensor product, Mat bias, Mat addend)
        {
            if (!bias.IsEmpty)
            {
                aten.AddInto(product, Vector(bias));
            }

            if (!addend.IsEmpty)
            {
                aten.AddInto(product, View(addend));
            }
        }
    }

    public void LinearInputGrad(Mat dy, Mat weight, Mat dx, bool accumulate)
    {
        const string Name = nameof(LinearInputGrad);
        ShapeException.Require(dy.Cols == weight.Rows, Name, $"dy with {weight.Rows} columns", dy);
        ShapeException.Require(dx.Rows == dy.Rows && dx.Cols == weight.Cols, Name, $"dx [{dy.Rows}, {weight.Cols}]", dx);
        if (dx.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        Product(View(dx), View(dy), View(weight), accumulate);
    }

    public void LinearWeightGrad(Mat dy, Mat x, Mat dWeight, Mat dBias)
    {
        const string Name = nameof(LinearWeightGrad);
        ShapeException.Require(x.Rows == dy.Rows, Name, $"x with {dy.Rows} rows", x);
        ShapeException.Require(dWeight.Rows == dy.Cols && dWeight.Cols == x.Cols, Name, $"dW [{dy.Cols}, {x.Cols}]", dWeight);
        ShapeException.Require(dBias.IsEmpty || dBias.Count == dy.Cols, Name, $"a bias gradient of {dy.Cols}", dBias);
        if (dy.IsEmpty)
        {
            return;
        }

        using Aten.Scope scope = aten.Open();
        if (!dWeight.IsEmpty)
        {
            AddWeightProduct(View(dWeight), memory.Transposed(dy), View(x));
        }

        if (!dBias.IsEmpty)
        {
            aten.AddInto(Vector(dBias), aten.Sum(View(dy), 0, keep: false));
        }
    }

    public void HeadLogits(Mat hidden, Mat weight, Mat y)
    {
        RequireHead(hidden, weight, nameof(HeadLogits));
        Linear(hidden, weight, default, default, y);
    }
}
