using Goodhart.Text.Chat.Nodes;

namespace Goodhart.Text.Chat.Parsing;

/// <summary>What stands before <c>=</c> in a set, and before <c>in</c> in a for.</summary>
internal sealed class TargetParser(TokenStream stream)
{
    public Target Read(bool allowsAttribute, bool allowsTuple = true)
    {
        List<Target> parts = [Part(allowsAttribute)];
        bool isTuple = false;
        while (allowsTuple && stream.SkipOperator(","))
        {
            isTuple = true;
            if (stream.Current.IsName("in") || stream.Current.IsOperator("=") || stream.Current.IsOperator(")"))
            {
                break;
            }

            parts.Add(Part(allowsAttribute));
        }

        return isTuple ? new TupleTarget(parts) : parts[0];
    }

    public string Name(string what)
    {
        string name = stream.Current.Text;
        if (stream.ExpectName(what).Text is "true" or "True" or "false" or "False" or "none" or "None")
        {
            throw stream.Fault($"nothing can be assigned to {name}");
        }

        return name;
    }

    private Target Part(bool allowsAttribute)
    {
        if (stream.SkipOperator("("))
        {
            Target nested = stream.Nested(() => Read(allowsAttribute));
            stream.ExpectOperator(")");
            return nested;
        }

        string name = stream.Current.IsName("in") ? throw stream.Unexpected("a name") : Name("a name to assign to");
        return allowsAttribute && stream.SkipOperator(".") ? new AttributeTarget(name, stream.ExpectName("an attribute's name").Text)
            : new NameTarget(name);
    }
}
