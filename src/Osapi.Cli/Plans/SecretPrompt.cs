using System.Text;
using Osapi.Cli.Rendering;
using Osapi.Operations;

namespace Osapi.Cli.Plans;

/// <summary>Asks for a secret on the terminal, without showing what is typed.</summary>
internal static class SecretPrompt
{
    private const int MaxLength = 4096;

    /// <summary>Returns the answer.</summary>
    /// <exception cref="InvalidOperationException">There is no terminal, or the answer is empty.</exception>
    public static string Read(string question)
    {
        if (Console.IsInputRedirected)
            throw new InvalidOperationException("it is asked for on a terminal, and standard input is none; give it as {env: NAME} or {file: PATH} to run without one");
        Console.Error.Write($"{ControlCharacters.Escape(question)}: ");
        StringBuilder answer = new();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
            if (key.Key == ConsoleKey.Backspace && answer.Length > 0)
                answer.Length--;
            else if (key.KeyChar >= ' ' && answer.Length < MaxLength)
                answer.Append(key.KeyChar);
        Terminal.Error.Line("");
        return answer.Length > 0 ? answer.ToString() : throw new InvalidOperationException("the answer is empty");
    }
}
