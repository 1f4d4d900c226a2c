using System.Text;
using Microsoft.Win32.SafeHandles;
using Osapi.Cli.Rendering;
using Osapi.Operations;

namespace Osapi.Cli.Plans;

/// <summary>Asks for a secret on the terminal, without showing what is typed.</summary>
internal static class SecretPrompt
{
    private const int MaxLength = 4096;

    /// <summary>Returns the answer.</summary>
    /// <exception cref="InvalidOperationException">There is no terminal, or the answer is empty.</exception>
    /// <exception cref="OperationCanceledException">The command was interrupted.</exception>
    public static async Task<string> ReadAsync(string question, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
            throw new InvalidOperationException("it is asked for on a terminal, and standard input is none; give it as {env: NAME} or {file: PATH} to run without one");
        // Before the question appears: who answers it at once, or pastes the answer, must not see it either. The runtime would switch the
        // echo off for each key alone.
        using (TerminalEcho.Off())
        {
            Console.Error.Write($"{ControlCharacters.Escape(question)}: ");
            // The read itself cannot be interrupted; it ends with the process.
            var answer = await Task.Run(ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            Terminal.Error.Line("");
            return answer.Length > 0 ? answer : throw new InvalidOperationException("the answer is empty");
        }
    }

    // Not with Console.In, which would echo what it reads.
    private static string ReadLine()
    {
        using SafeFileHandle input = new(0, ownsHandle: false);
        using FileStream stream = new(input, FileAccess.Read, bufferSize: 0);
        List<byte> bytes = [];
        while (stream.ReadByte() is >= 0 and not '\n' and var next)
            if (bytes.Count < MaxLength && next >= ' ')
                bytes.Add((byte)next);
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
