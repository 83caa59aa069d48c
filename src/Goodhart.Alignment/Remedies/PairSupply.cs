namespace Goodhart.Alignment.Remedies;

/// <summary>Which pairs a run is trained on. Pairs have to be made, labelled or chosen before, so that only a study can.</summary>
public abstract record PairSupply : Remedy
{
    public sealed override string Kind => "pairs themselves";

    public sealed override bool IsOfStudies => true;
}
