namespace Goodhart.Worlds;

/// <summary>What a word of the world can tell. The first eight are facts of a post, in the order in which they are drawn.</summary>
public enum Slot
{
    Relation,
    Verb,
    Object,
    Age,
    Place,
    Day,
    Feeling,
    Action,

    /// <summary>Something the author likes: a detail beside the story, true or false but never asked for.</summary>
    Like,
}
