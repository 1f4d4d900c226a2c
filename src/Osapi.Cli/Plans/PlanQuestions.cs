using Osapi.Operations;
using Osapi.Plans;

namespace Osapi.Cli.Plans;

/// <summary>Asks the questions of a plan, all of them before anything runs.</summary>
internal static class PlanQuestions
{
    /// <summary>Asks; returns false when an answer is not yes.</summary>
    /// <exception cref="CommandException">There is no terminal to ask on.</exception>
    public static bool Ask(PlanFile plan)
    {
        var questions = plan.Questions;
        if (questions.Count > 0 && Console.IsInputRedirected)
            throw new CommandException(ExitCode.BadInput, $"the plan asks \"{ControlCharacters.Escape(questions[0])}\", and standard input is no terminal; --yes answers yes");
        return questions.All(question =>
        {
            Console.Error.Write($"{ControlCharacters.Escape(question)} [y/N] ");
            return Console.In.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
        });
    }
}
