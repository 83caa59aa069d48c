namespace Goodhart.Evaluation.Theory.Queries;

/// <summary>A row of the query matrix Q: +1 at the chosen response's node, −1 at the rejected one's; zero if they are the same.</summary>
public readonly record struct PreferenceEdge(int Chosen, int Rejected)
{
    public bool IsLoop => Chosen == Rejected;
}
