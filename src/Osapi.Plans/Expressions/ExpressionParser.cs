using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using Cel.Internal;

namespace Osapi.Plans.Expressions;

/// <summary>Parses an expression: CEL's grammar, of the package Cel.</summary>
internal static class ExpressionParser
{
    /// <summary>Returns the tree of an expression.</summary>
    /// <exception cref="SyntaxException">The text is not an expression.</exception>
    public static Node Parse(string text)
    {
        if (text.Length > ExpressionBounds.MaxLength)
            throw new SyntaxException(0, text.Length, $"the expression has {text.Length} characters; at most {ExpressionBounds.MaxLength} are allowed");
        var tokens = ExpressionTokens.Of(text);
        CelParser parser = new(new CommonTokenStream(new ListTokenSource([.. tokens])), TextWriter.Null, TextWriter.Null) { ErrorHandler = new BailErrorStrategy() };
        parser.RemoveErrorListeners();
        try
        {
            var root = TreeBuilder.Of(parser.start().e);
            return root.Height <= ExpressionBounds.MaxHeight
                ? root
                : throw new SyntaxException(0, text.Length, $"the expression has more than {ExpressionBounds.MaxHeight} operators or members in a row");
        }
        catch (ParseCanceledException canceled)
        {
            var offending = (canceled.InnerException as RecognitionException)?.OffendingToken ?? tokens[^1];
            throw SyntaxMessages.Of(tokens, offending);
        }
    }
}
