using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Nodes;

/// <summary><c>{% for %}</c>. Every turn has its own names; the list and the condition do not know <c>loop</c>.</summary>
internal sealed class ForLoop(
    TemplatePlace place, Target target, Expression items, Expression? condition, Statement body, Statement? otherwise) : Statement(place)
{
    protected override Flow Run(Frame frame)
    {
        List<object> turns = Kinds.ToList(items.Evaluate(frame), frame.Budget);
        if (condition is not null)
        {
            turns = turns.FindAll(item =>
            {
                Frame asked = frame.Inner();
                target.Assign(item, asked);
                return Kinds.IsTrue(condition.Evaluate(asked));
            });
        }

        LoopState loop = new(turns);
        bool finished = false;
        for (int i = 0; i < turns.Count; i++)
        {
            frame.Budget.Step(8);
            Frame turn = frame.Inner();
            loop = loop with { Index = i };
            turn.Scope.Set("loop", loop);
            target.Assign(turns[i], turn);
            Flow flow = body.Execute(turn);
            finished |= flow == Flow.Next;
            if (flow == Flow.Break)
            {
                break;
            }
        }

        // Not "when there was nothing to go through": a turn that was left early does not count.
        return finished ? Flow.Next : otherwise?.Execute(frame.Inner()) ?? Flow.Next;
    }
}
