using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Models.Adapters;

namespace Goodhart.Models;

/// <summary>A linear layer, with what an adapter adds to it: W x + b + scaling · B (A x).</summary>
internal sealed class Projection(Parameter weight, Parameter? bias, LowRank? beside)
{
    public Tensor Run(Tape tape, Tensor x, Tensor? addend = null)
    {
        Tensor y = tape.Linear(x, weight, bias, addend);
        if (beside is not null)
        {
            tape.AddLowRank(y, x, beside.Down, beside.Up, beside.Scale);
        }

        return y;
    }
}
