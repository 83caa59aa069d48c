using System.Diagnostics.CodeAnalysis;

namespace Goodhart.Text.Chat.Nodes;

/// <summary>The names that are set at one level of a template; what is not found here is looked for in the level around it.</summary>
internal sealed class Scope(Scope? parent)
{
    private const int Few = 8;

    private readonly Scope? parent = parent;
    private string[] names = [];
    private object[] values = [];
    private int count;
    private Dictionary<string, object>? many;

    public void Set(string name, object value)
    {
        int index = Array.IndexOf(names, name, 0, count);
        if (many is not null)
        {
            many[name] = value;
        }
        else if (index >= 0)
        {
            values[index] = value;
        }
        else if (count < Few)
        {
            Append(name, value);
        }
        else
        {
            many = new(StringComparer.Ordinal);
            for (int i = 0; i < count; i++)
            {
                many[names[i]] = values[i];
            }

            many[name] = value;
            count = 0;
        }
    }

    public bool TryFind(string name, [MaybeNullWhen(false)] out object value)
    {
        for (Scope? scope = this; scope is not null; scope = scope.parent)
        {
            if (scope.TryFindHere(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }

    private bool TryFindHere(string name, [MaybeNullWhen(false)] out object value)
    {
        if (many is not null)
        {
            return many.TryGetValue(name, out value);
        }

        for (int i = 0; i < count; i++)
        {
            if (names[i] == name)
            {
                value = values[i];
                return true;
            }
        }

        value = null;
        return false;
    }

    private void Append(string name, object value)
    {
        if (count == names.Length)
        {
            Array.Resize(ref names, count == 0 ? 2 : count * 2);
            Array.Resize(ref values, names.Length);
        }

        (names[count], values[count]) = (name, value);
        count++;
    }
}
